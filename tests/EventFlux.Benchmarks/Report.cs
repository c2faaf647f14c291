using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace EventFlux.Benchmarks;

/// <summary>What a scenario found, on the screen and in <c>results/</c>: the workload, its tables, the machine and the
/// commit.</summary>
internal static class Report
{
    private const int Columns = 120;

    private const string CheckedByRows = """
        Every answer was checked when it came; at the end every acknowledged booking was a row, and `verify` found no
        difference between sums and rows.
        """;

    /// <param name="workload">What was done, in sentences.</param>
    /// <param name="tables">In Markdown.</param>
    /// <param name="checks">What made sure that it was done right.</param>
    public static Task WriteAsync(
        string scenario, ScenarioOptions options, string workload, string tables, string checks = CheckedByRows)
    {
        var arguments = string.Concat(options.Arguments.Where(word => word != "--trial").Select(word => $" {word}"));
        var text = $"""
            # {scenario}

            {Wrapped(workload)}

            {tables.Trim()}

            {Wrapped(checks)}

            {Wrapped($"{Machine()}; commit {Commit()}.")}

            Repeat: `dotnet run -c Release --project tests/EventFlux.Benchmarks -- {scenario}{arguments}`

            """;
        return Results.SaveAsync(scenario, text, options.IsTrial);
    }

    public static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Machine()
    {
        const string Cpus = "/proc/cpuinfo";
        var model = File.Exists(Cpus)
            ? File.ReadLines(Cpus).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return Format($"""
            One machine for load, silo and PostgreSQL (fsync on): {Environment.ProcessorCount} processors ({
                model?.Split(':')[1].Trim() ?? "model unknown"}), {memory:F0} GiB, {
                RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}
            """);
    }

    private static string Commit() =>
        Git("rev-parse --short HEAD") + (Git("status --porcelain -- :/src :/sql").Length > 0 ? " and changes" : "");

    /// <summary>In lines that a reader of the file likes.</summary>
    private static string Wrapped(string text)
    {
        var (wrapped, column) = (new StringBuilder(), 0);
        foreach (var word in text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var fits = column + 1 + word.Length <= Columns;
            wrapped.Append(column == 0 ? "" : fits ? " " : "\n").Append(word);
            column = fits ? column + 1 + word.Length : word.Length;
        }

        return wrapped.ToString();
    }

    private static string Git(string arguments)
    {
        try
        {
            var start = new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = Results.SourceFolder, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            using var git = Process.Start(start)!;
            return git.StandardOutput.ReadToEnd().Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
