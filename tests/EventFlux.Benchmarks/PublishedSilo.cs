using System.Diagnostics;

namespace EventFlux.Benchmarks;

/// <summary>The program as operators run it: published as the Dockerfile does, compiled ahead. Dispose it to remove its
/// folder.</summary>
internal sealed class PublishedSilo : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eventflux-published-").FullName;

    private PublishedSilo()
    {
    }

    /// <summary>Path of its assembly.</summary>
    public string Program => Path.Combine(_folder, "published", "EventFlux.Silo.dll");

    /// <summary>Builds it, with files of its own.</summary>
    /// <exception cref="InvalidOperationException">It can't be built; with what the SDK said.</exception>
    public static async Task<PublishedSilo> CreateAsync()
    {
        Console.WriteLine("publishing the silo");
        var silo = new PublishedSilo();
        string[] arguments =
        [
            "publish", Path.Combine(Results.SourceFolder, "..", "..", "src", "EventFlux.Silo"), "-c", "Release",
            "-o", Path.GetDirectoryName(silo.Program)!, "--artifacts-path", Path.Combine(silo._folder, "build"),
            "-p:UseAppHost=false", "--use-current-runtime", "--self-contained", "false", "-p:PublishReadyToRun=true",
        ];
        using var publish = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
        })!;
        var said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        if (publish.ExitCode == 0) return silo;
        silo.Dispose();
        throw new InvalidOperationException($"The silo can't be published:\n{said}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
