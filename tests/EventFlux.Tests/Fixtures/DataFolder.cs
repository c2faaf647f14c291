namespace EventFlux.Tests.Fixtures;

/// <summary>A folder for <c>EVENTFLUX_DATA_DIR</c> that doesn't exist yet, and is deleted when disposed: all
/// silos on it must have ended then, and it waits until their server has stopped.</summary>
public sealed class DataFolder : IAsyncDisposable
{
    public string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"eventflux-data-{Guid.NewGuid():N}");

    /// <summary>Processes that name this folder: the server on it and its guard. Linux only.</summary>
    public IReadOnlyList<string> Processes() =>
    [
        .. Directory.GetDirectories("/proc")
            .Select(CommandLine)
            .Where(line => line.Contains(Path, StringComparison.Ordinal)),
    ];

    public async ValueTask DisposeAsync()
    {
        await Wait.UntilAsync(
            () => Processes().Count == 0, TimeSpan.FromSeconds(60),
            () => "Left behind: " + string.Join('\n', Processes()));
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    private static string CommandLine(string process)
    {
        try
        {
            var file = System.IO.Path.Combine(process, "cmdline");
            return File.Exists(file) ? File.ReadAllText(file).Replace('\0', ' ') : "";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
