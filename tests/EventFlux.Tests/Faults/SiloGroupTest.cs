using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Faults;

/// <summary>A test class with a database of its own, on which it starts silo processes.</summary>
public abstract class SiloGroupTest(PostgresServer server) : IAsyncLifetime
{
    private protected TestDatabase Database { get; private set; } = null!;

    private protected SiloGroup Silos { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await server.CreateDatabaseAsync();
        Silos = new SiloGroup(Database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await Silos.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
