using EventFlux.Silo.Api;
using EventFlux.Silo.Authentication;
using EventFlux.Silo.Hosting;
using EventFlux.Silo.Observability;
using EventFlux.Silo.RateLimiting;
using Microsoft.Extensions.Hosting;

namespace EventFlux.Benchmarks;

/// <summary>The silo as its program puts it together, but for the grain directory: so that directories can be measured
/// without a switch in the product.</summary>
internal static class DirectorySilo
{
    public const string Verb = "silo-with-directory";

    public static async Task RunAsync(GrainDirectoryKind directory)
    {
        var builder = HostSetup.CreateBuilder();
        var options = SiloOptionsReader.Read(builder.Configuration);
        builder
            .AddEventFluxHost(options)
            .AddEventFluxCluster(options)
            .AddEventFluxObservability(options)
            .AddEventFluxRateLimits(options)
            .AddEventFluxAuthentication(options)
            .AddEventFluxApi(ApiOptions.From(options));
        if (directory == GrainDirectoryKind.Distributed)
#pragma warning disable ORLEANSEXP003 // What is measured here is whether its experimental state is worth it.
            builder.UseOrleans(silo => silo.AddDistributedGrainDirectory());
#pragma warning restore ORLEANSEXP003

        await using var app = builder.Build();
        app.UseDrainingConnections();
        app.UseEventFluxApi();
        app.MapEventFluxHealth();
        app.MapEventFluxApi();
        await app.RunAsync();
    }
}

/// <summary>The directories that come with Orleans and need no further server.</summary>
internal enum GrainDirectoryKind
{
    /// <summary>The default: a hash table spread over the silos, consistent in the end.</summary>
    Local,

    /// <summary>Strongly consistent, handed over when a silo comes or goes.</summary>
    Distributed,
}
