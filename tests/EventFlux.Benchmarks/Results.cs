using System.Runtime.CompilerServices;

namespace EventFlux.Benchmarks;

/// <summary>The files in <c>results/</c>, which are committed.</summary>
internal static class Results
{
    /// <summary>Where this program's source is.</summary>
    public static string SourceFolder { get; } = FolderOf();

    /// <summary>Shows what a scenario found, and keeps it.</summary>
    /// <param name="isTrial">Only shows it.</param>
    public static async Task SaveAsync(string scenario, string text, bool isTrial = false)
    {
        Console.WriteLine(text);
        if (isTrial) return;
        var folder = Directory.CreateDirectory(Path.Combine(SourceFolder, "results"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{scenario}.md"), text);
    }

    private static string FolderOf([CallerFilePath] string source = "") => Path.GetDirectoryName(source)!;
}
