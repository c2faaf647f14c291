using EventFlux.Silo.Hosting;

namespace EventFlux.Silo.Observability;

/// <summary>What a silo tells about itself and the cluster: health, metrics, traces.</summary>
internal static class ObservabilitySetup
{
    /// <summary>After the cluster, before the API.</summary>
    public static WebApplicationBuilder AddEventFluxObservability(
        this WebApplicationBuilder builder, SiloOptions options)
    {
        // Its base class tells of every change of a ring that isn't used here.
        builder.Logging.AddFilter(typeof(SiloHealthService).FullName, LogLevel.Warning);
        var services = builder.Services;
        services.AddSingleton<RequestFigures>();
        services.AddSingleton<SiloVitalsReader>();
        services.AddSingleton<SiloHealthServiceClient>();
        services.AddSingleton<ClusterMembers>();
        services.AddSingleton<DatabaseLatency>();
        services.AddSingleton(provider => new ClusterHealth(
            provider.GetRequiredService<SiloVitalsReader>(), provider.GetRequiredService<SiloHealthServiceClient>(),
            provider.GetRequiredService<ClusterMembers>(), provider.GetRequiredService<DatabaseLatency>(),
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.AddGrainService<SiloHealthService>();
        services.AddHostedService<RequestMetrics>();
        return builder.AddEventFluxTelemetry(options);
    }
}
