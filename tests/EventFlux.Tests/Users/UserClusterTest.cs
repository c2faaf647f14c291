using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Users;

/// <summary>A test class with a database of its own and one silo of users on it.</summary>
public abstract class UserClusterTest(PostgresServer postgres) : IAsyncLifetime
{
    private protected TestDatabase Database { get; private set; } = null!;

    private protected UserCluster Cluster { get; private set; } = null!;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.CreateDatabaseAsync();
        Cluster = await UserCluster.StartAsync(Database);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
