using System.Diagnostics;
using System.Globalization;

namespace EventFlux.Benchmarks.Load;

/// <summary>Processor time that was used, by whom.</summary>
internal readonly record struct ProcessorTimes(TimeSpan Driver, TimeSpan Silos, TimeSpan Postgres)
{
    public static ProcessorTimes operator -(ProcessorTimes after, ProcessorTimes before) =>
        new(after.Driver - before.Driver, after.Silos - before.Silos, after.Postgres - before.Postgres);
}

/// <summary>Reads what this process, some silos and a PostgreSQL have used so far. PostgreSQL's part is read from
/// <c>/proc</c> and is 0 where there is none.</summary>
/// <param name="postmaster">The process id of PostgreSQL's main process.</param>
internal sealed class ProcessorClock(IReadOnlyList<int> silos, int postmaster)
{
    /// <summary>The kernel's unit in <c>/proc</c>: <c>USER_HZ</c>, 100 a second on every Linux.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    public ProcessorTimes Read() => new(Environment.CpuUsage.TotalTime, Silos(), Postgres());

    private TimeSpan Silos()
    {
        var sum = TimeSpan.Zero;
        foreach (var id in silos)
        {
            using var process = Process.GetProcessById(id);
            sum += process.TotalProcessorTime;
        }

        return sum;
    }

    private TimeSpan Postgres()
    {
        if (!Directory.Exists("/proc")) return TimeSpan.Zero;
        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)) continue;
            if (StatOf(id) is not { } stat) continue;
            // Who is gone counts with its parent.
            if (id == postmaster) ticks += stat.Own + stat.Gone;
            else if (stat.Parent == postmaster) ticks += stat.Own;
        }

        return ticks * Tick;
    }

    /// <summary>The process that started this one; null when it is gone.</summary>
    public static int? ParentOf(int process) => StatOf(process)?.Parent;

    private static (int Parent, long Own, long Gone)? StatOf(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            // The name before the bracket may hold anything.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return ((int)Number(1), Number(11) + Number(12), Number(13) + Number(14));

            long Number(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
