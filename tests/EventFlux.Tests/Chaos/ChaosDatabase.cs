using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Chaos;

/// <summary>A PostgreSQL of its own (fsync on) whose plug can be pulled.</summary>
internal sealed class ChaosDatabase : IAsyncDisposable
{
    private readonly LocalPostgresOptions _options;
    private readonly List<LocalPostgres> _shares = [];

    private ChaosDatabase(LocalPostgresOptions options) => _options = options;

    /// <summary>The same through all restarts.</summary>
    public string ConnectionString => _shares[0].ConnectionString;

    public static async Task<ChaosDatabase> StartAsync()
    {
        var database = new ChaosDatabase(new LocalPostgresOptions
        {
            Directory = Path.Combine(Path.GetTempPath(), $"eventflux-chaos-{Guid.NewGuid():N}"), MaxConnections = 300,
        });
        await database.RestartAsync();
        return database;
    }

    /// <summary>Kills the server and every process that serves a connection, all with SIGKILL.</summary>
    public void Kill()
    {
        var file = Directory.GetFiles(_options.Directory, "postmaster.pid", SearchOption.AllDirectories).Single();
        var server = int.Parse(File.ReadLines(file).First(), System.Globalization.CultureInfo.InvariantCulture);
        var children = ChildrenOf(server);
        ProcessSignals.Kill(server);
        foreach (var child in children) ProcessSignals.Kill(child);
    }

    /// <summary>Starts it again on the same data and port; ends when it takes connections, after its
    /// recovery.</summary>
    public async Task RestartAsync() => _shares.Add(await LocalPostgres.StartAsync(_options));

    public async ValueTask DisposeAsync()
    {
        foreach (var share in _shares) await share.DisposeAsync();
        Directory.Delete(_options.Directory, recursive: true);
    }

    private static int[] ChildrenOf(int parent) =>
    [
        .. from folder in Directory.GetDirectories("/proc")
           let isProcess = int.TryParse(Path.GetFileName(folder), out _)
           where isProcess && ParentOf(folder) == parent
           select int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture),
    ];

    // The fields behind the name in brackets: state, parent, …
    private static int ParentOf(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // Ended meanwhile.
        }
    }
}
