using EventFlux.Silo.Hosting;

namespace EventFlux.Silo.Observability;

/// <summary><c>/metrics</c>, for Prometheus to scrape: on <c>PORT</c>, or on <c>METRICS_PORT</c> alone.</summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    public static void MapEventFluxMetrics(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPrometheusScrapingEndpoint(Path).AllowAnonymous().CountsNowhere()
            .WithMetadata(new OnMetricsPort());

    /// <summary>Where metrics have a port of their own, nothing else is there, and they are nowhere else. By the port
    /// that the connection came in at: the Host header is the client's to choose.</summary>
    public static void UseMetricsPort(this WebApplication app)
    {
        if (app.Services.GetRequiredService<SiloOptions>().MetricsPort is not { } port) return;
        app.Use((context, next) =>
        {
            var isMetrics = context.GetEndpoint()?.Metadata.GetMetadata<OnMetricsPort>() is not null;
            // Without an endpoint the answer is 404.
            if (isMetrics != (context.Connection.LocalPort == port)) context.SetEndpoint(null);
            return next(context);
        });
    }

    private sealed record OnMetricsPort;
}
