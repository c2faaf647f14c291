using EventFlux.Silo.Api;
using EventFlux.Silo.Authentication;
using EventFlux.Silo.Hosting;
using EventFlux.Silo.Observability;
using EventFlux.Silo.RateLimiting;
using Microsoft.AspNetCore.Builder;

namespace EventFlux.Benchmarks;

/// <summary>The silo as its program puts it together, and what a measurement adds to it, without a switch in the
/// product.</summary>
internal static class BenchSilo
{
    public static async Task RunAsync(Action<WebApplicationBuilder> add, Action<WebApplication> map)
    {
        var builder = HostSetup.CreateBuilder();
        await using var database = await SiloDatabase.OpenAsync(SiloOptionsReader.Read(builder.Configuration));
        var options = database.Options;
        builder
            .AddEventFluxHost(options)
            .AddEventFluxCluster(options)
            .AddEventFluxObservability(options)
            .AddEventFluxRateLimits(options)
            .AddEventFluxAuthentication(options)
            .AddEventFluxApi(ApiOptions.From(options));
        add(builder);

        await using var app = builder.Build();
        app.UseDrainingConnections();
        app.UseEventFluxApi();
        app.MapEventFluxHealth();
        app.MapEventFluxApi();
        map(app);
        await app.RunAsync();
    }
}
