using System.Net;
using System.Text.Json;
using EventFlux.Silo.AdminConsole;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;

namespace EventFlux.Silo.Hosting;

/// <summary>The Orleans side of the process: clustering, grain storage and reminders, all on the one
/// PostgreSQL.</summary>
internal static class OrleansHosting
{
    private const string Invariant = "Npgsql";

    // Identity of what is stored; changing it would orphan every user and reminder.
    private const string ServiceId = "eventflux";

    public static WebApplicationBuilder AddEventFluxCluster(this WebApplicationBuilder builder, SiloOptions options)
    {
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster =>
                (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, ServiceId));
            silo.Configure<EndpointOptions>(endpoints => Configure(endpoints, options));
            silo.Configure<ClusterMembershipOptions>(Configure);
            silo.Configure<SiloMessagingOptions>(Configure);
            AddStorage(silo);
            if (options.DashboardEnabled) silo.AddOperatorDashboard();
        });
        return builder;
    }

    private static void AddStorage(ISiloBuilder silo)
    {
        silo.UseAdoNetClustering(clustering => clustering.Configure<IServiceProvider>((table, services) =>
            (table.Invariant, table.DataSource) =
                (Invariant, services.GetRequiredKeyedService<NpgsqlDataSource>(DataSources.Membership))));
        silo.UseAdoNetReminderService(reminders => reminders.Configure<NpgsqlDataSource>((table, database) =>
            (table.Invariant, table.DataSource) = (Invariant, database)));
        silo.AddAdoNetGrainStorageAsDefault(storage => storage.Configure<NpgsqlDataSource>((table, database) =>
            (table.Invariant, table.DataSource) = (Invariant, database)));
        // SQL reads the stored state (see sql/), so it is JSON with the names that SQL expects.
        silo.UseSystemTextJsonGrainStorageSerializer();
        silo.Configure<SystemTextJsonGrainStorageSerializerOptions>(json =>
            json.JsonSerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
    }

    private static void Configure(EndpointOptions endpoints, SiloOptions options)
    {
        endpoints.AdvertisedIPAddress = options.SiloHost;
        endpoints.SiloPort = options.SiloPort;
        endpoints.GatewayPort = options.GatewayPort;
        endpoints.SiloListeningEndpoint = new IPEndPoint(options.SiloHost, options.SiloPort);
        endpoints.GatewayListeningEndpoint = new IPEndPoint(options.SiloHost, options.GatewayPort);
    }

    // A killed silo is noticed within about three seconds (a probe a second, three in a row missed), a frozen one
    // within MaxProbeTimeout x NumMissedProbesLimit = 9 s: for so long an open connection counts as a sign of life. A
    // busy silo has up to three seconds to answer a probe, else starved machines would declare each other dead.
    private static void Configure(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.MaxProbeTimeout = TimeSpan.FromSeconds(3);
        membership.NumMissedProbesLimit = 3;
        // After a crash of all silos and a restart elsewhere, the rows of the dead are waited for this long x 3.
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        membership.DefunctSiloExpiration = TimeSpan.FromDays(1);
        membership.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
    }

    private static void Configure(SiloMessagingOptions messaging)
    {
        // Whose answer takes longer is told 503; the commit goes on, and a repeat finds what came of it.
        messaging.ResponseTimeout = TimeSpan.FromSeconds(10);
    }
}
