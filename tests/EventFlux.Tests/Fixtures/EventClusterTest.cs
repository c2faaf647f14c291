namespace EventFlux.Tests.Fixtures;

/// <summary>A test class with a database of its own and one silo on it.</summary>
public abstract class EventClusterTest(PostgresServer server) : IAsyncLifetime
{
    private protected TestDatabase Database { get; private set; } = null!;

    private protected EventCluster Cluster { get; private set; } = null!;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Database = await server.CreateDatabaseAsync();
        Cluster = await EventCluster.StartAsync(Database);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
