using EventFlux.Silo.Observability;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventFlux.Silo.Hosting;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: send requests here; 503 until the silo has joined,
/// the schema is current and the database answers, and again from the moment that it is told to stop. Bodies name the
/// checks and nothing of the inside.
/// </summary>
internal static class HealthChecks
{
    private const string Ready = "ready";

    public static IServiceCollection AddEventFluxHealth(this IServiceCollection services)
    {
        services.AddSingleton<HealthProbe>();
        services.AddSingleton<ShutdownDrain>();
        services.AddHostedService(provider => provider.GetRequiredService<ShutdownDrain>());
        services.AddHealthChecks()
            .Add(Check("serving", (provider, _) =>
                Task.FromResult(!provider.GetRequiredService<ShutdownDrain>().IsDraining)))
            .Add(Check("silo", (provider, _) =>
                Task.FromResult(provider.GetRequiredService<ISiloStatusOracle>().CurrentStatus == SiloStatus.Active)))
            .Add(Check("database", async (_, probe) => (await probe.AskAsync()).DatabaseAnswers))
            .Add(Check("schema", async (_, probe) => (await probe.AskAsync()).SchemaIsCurrent));
        return services;
    }

    public static WebApplication MapEventFluxHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions
        {
            Predicate = _ => false,
            ResponseWriter = (context, report) => WriteAsync(context, "live", report),
        }).AllowAnonymous().CountsNowhere();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(Ready),
            ResponseWriter = (context, report) =>
                WriteAsync(context, report.Status == HealthStatus.Healthy ? "ready" : "unready", report),
        }).AllowAnonymous().CountsNowhere();
        return app;
    }

    /// <summary>While the silo drains, every answer closes its connection: clients that keep theirs open move to
    /// another silo now instead of being cut off at the end.</summary>
    public static WebApplication UseDrainingConnections(this WebApplication app)
    {
        var drain = app.Services.GetRequiredService<ShutdownDrain>();
        app.Use((context, next) =>
        {
            if (drain.IsDraining && HttpProtocol.IsHttp11(context.Request.Protocol))
                context.Response.Headers.Connection = "close";
            return next(context);
        });
        return app;
    }

    private static HealthCheckRegistration Check(string name, Func<IServiceProvider, HealthProbe, Task<bool>> isFine) =>
        new(name, provider => new Probe(() => isFine(provider, provider.GetRequiredService<HealthProbe>())),
            HealthStatus.Unhealthy, [Ready]);

    private static Task WriteAsync(HttpContext context, string status, HealthReport report) =>
        context.Response.WriteAsJsonAsync(new
        {
            status,
            checks = report.Entries.ToDictionary(
                entry => entry.Key, entry => entry.Value.Status == HealthStatus.Healthy ? "ok" : "failing"),
        });

    private sealed class Probe(Func<Task<bool>> isFine) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await isFine() ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
    }
}
