using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Storage;

namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>
/// Orleans' own ADO.NET providers, built as a silo builds them but without the silo around, so a test says exactly
/// what reaches the database. Safe for concurrent use: every call opens a connection of its own, as two silos would.
/// </summary>
public sealed class OrleansProviders : IAsyncDisposable
{
    private const string Invariant = "Npgsql";
    private const string StorageName = "tested";
    private readonly IHost _silo;
    private readonly IHost _client;

    private OrleansProviders(string id, IHost silo, IHost client)
    {
        Id = id;
        _silo = silo;
        _client = client;
        Membership = silo.Services.GetRequiredService<IMembershipTable>();
        Reminders = silo.Services.GetRequiredService<IReminderTable>();
        Storage = silo.Services.GetRequiredKeyedService<IGrainStorage>(StorageName);
        Gateways = client.Services.GetRequiredService<IGatewayListProvider>();
    }

    /// <summary>Both the cluster and the service id.</summary>
    public string Id { get; }

    public IMembershipTable Membership { get; }

    public IReminderTable Reminders { get; }

    public IGrainStorage Storage { get; }

    public IGatewayListProvider Gateways { get; }

    public static async Task<OrleansProviders> StartAsync(NpgsqlDataSource database, string id, bool deleteStateOnClear)
    {
        var silo = new HostBuilder()
            .UseOrleans(builder => AddProviders(builder, database, id, deleteStateOnClear))
            .Build();
        var client = new HostBuilder()
            .UseOrleansClient(builder => builder
                .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (id, id))
                .UseAdoNetClustering(o => (o.Invariant, o.DataSource) = (Invariant, database)))
            .Build();
        var providers = new OrleansProviders(id, silo, client);
        await providers.InitializeAsync();
        return providers;
    }

    /// <summary>Configures a silo that keeps everything in <paramref name="database"/>.</summary>
    public static void AddProviders(ISiloBuilder silo, NpgsqlDataSource database, string id, bool deleteStateOnClear) =>
        silo
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (id, id))
            .UseAdoNetClustering(o => (o.Invariant, o.DataSource) = (Invariant, database))
            .UseAdoNetReminderService(o => (o.Invariant, o.DataSource) = (Invariant, database))
            .AddAdoNetGrainStorage(StorageName, o =>
            {
                (o.Invariant, o.DataSource) = (Invariant, database);
                o.DeleteStateOnClear = deleteStateOnClear;
            })
            .UseSystemTextJsonGrainStorageSerializer();

    public async ValueTask DisposeAsync()
    {
        // What was never started may hold services that can only be disposed of asynchronously.
        await ((IAsyncDisposable)_silo).DisposeAsync();
        await ((IAsyncDisposable)_client).DisposeAsync();
    }

    private async Task InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await Membership.InitializeMembershipTableAsync(true, cancellation);
        await Reminders.StartAsync(cancellation);
        await Gateways.InitializeGatewayListProvider();
        // Grain storage has no other way to start than the silo's life cycle.
        var lifecycle = new SiloLifecycleSubject(NullLogger<SiloLifecycleSubject>.Instance);
        ((ILifecycleParticipant<ISiloLifecycle>)Storage).Participate(lifecycle);
        await lifecycle.OnStart(cancellation);
    }
}
