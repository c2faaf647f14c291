using EventFlux.Contracts.Users;
using EventFlux.Tests.Api;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Faults;

/// <summary>Real silo processes on one database, with callers whose tokens all of them accept.</summary>
internal sealed class SiloGroup(string databaseUrl) : IAsyncDisposable
{
    private readonly TokenMint _tokens = new();
    private readonly List<SiloProcess> _silos = [];

    /// <summary>Starts one more and waits until it is ready.</summary>
    /// <param name="clusterId">Silos with another id don't know these, though they sell from the same tables.</param>
    /// <param name="environment">Further variables.</param>
    public async Task<SiloProcess> StartAsync(
        string clusterId = "eventflux", params (string Name, string Value)[] environment)
    {
        var variables = new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = databaseUrl,
            ["JWT_SECRET"] = _tokens.Secret,
            ["CLUSTER_ID"] = clusterId,
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["SILO_HOST"] = "127.0.0.1",
            ["SHUTDOWN_DRAIN_SECONDS"] = "0",
        };
        foreach (var (name, value) in environment) variables[name] = value;
        var silo = await SiloProcess.StartReadyAsync(variables);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>A user who calls that silo.</summary>
    public ApiCaller User(SiloProcess silo, Guid? id = null) => Caller(silo, id ?? Guid.NewGuid(), UserRole.User);

    public ApiCaller Admin(SiloProcess silo) => Caller(silo, Guid.NewGuid(), UserRole.Admin);

    /// <summary>An active event a month ahead.</summary>
    public async Task<Guid> CreateEventAsync(SiloProcess silo, int capacity)
    {
        var date = TimeProvider.System.GetUtcNow().AddDays(30);
        var body = new { name = "A concert", venue = "A hall", event_date = date, capacity, price = 10m };
        return (await Admin(silo).PostAsync("/api/events", body)).Is(201).Id;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
    }

    /// <summary>The database seen through another port of this machine.</summary>
    public static string Through(int port, string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = port }.ConnectionString;

    private ApiCaller Caller(SiloProcess silo, Guid id, UserRole role) =>
        new(silo.Http, id, _tokens.Issue(id, role));
}
