using EventFlux.Silo.Hosting;

namespace EventFlux.Silo.RateLimiting;

/// <summary>Limits for the whole cluster.</summary>
internal static class RateLimitSetup
{
    /// <summary>After the cluster, before the API.</summary>
    public static WebApplicationBuilder AddEventFluxRateLimits(this WebApplicationBuilder builder, SiloOptions options)
    {
        // Its base class tells of every change of a ring that isn't used here.
        builder.Logging.AddFilter(typeof(RateLimitService).FullName, LogLevel.Warning);
        var services = builder.Services;
        services.AddSingleton(options.RateLimits);
        services.AddSingleton<RateLimitServiceClient>();
        services.AddSingleton(CreatePeers);
        services.AddSingleton(provider => new RateLimits(
            options.RateLimits, provider.GetRequiredService<RateLimitPeers>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddGrainService<RateLimitService>();
        services.AddHostedService<RateLimitMembership>();
        return builder;
    }

    private static RateLimitPeers CreatePeers(IServiceProvider provider)
    {
        var client = provider.GetRequiredService<RateLimitServiceClient>();
        return new(
            provider.GetRequiredService<ILocalSiloDetails>().SiloAddress,
            (silo, question) => client.On(silo).AcquireAsync(question),
            (silo, account) => client.On(silo).RecallAsync(account),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RateLimitPeers>>());
    }
}
