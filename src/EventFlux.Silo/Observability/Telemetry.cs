using EventFlux.Silo.AdminConsole.Session;
using EventFlux.Grains.Observability;
using EventFlux.Silo.Hosting;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EventFlux.Silo.Observability;

/// <summary>
/// OpenTelemetry: metrics are kept for <c>/metrics</c>; they and traces are sent by OTLP where the standard variables
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its like) say where to. Where they don't, no span is made at all.
/// </summary>
internal static class Telemetry
{
    private const string ServiceName = "eventflux";

    private static readonly string[] Meters =
    [
        MetricNames.Meter, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql",
        "Microsoft.Orleans", "System.Runtime",
    ];

    /// <summary>Grain calls and the storage behind them; what Orleans does for itself would drown them.</summary>
    private static readonly string[] Sources =
    [
        CommitTrace.SourceName, ConsoleUser.SourceName, "Npgsql", "Microsoft.Orleans.Application",
        "Microsoft.Orleans.Storage",
    ];

    public static WebApplicationBuilder AddEventFluxTelemetry(this WebApplicationBuilder builder, SiloOptions options)
    {
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService(
                ServiceName, serviceVersion: ProgramVersion.Short,
                serviceInstanceId: $"{options.SiloHost}:{options.SiloPort}")
            // Last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.
            .AddEnvironmentVariableDetector());
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(Meters).AddPrometheusExporter();
            if (OtlpTarget.ForMetrics(builder.Configuration) is { } target) metrics.AddOtlpExporter(target.Apply);
        });
        if (OtlpTarget.ForTraces(builder.Configuration) is { } traces) AddTraces(builder, telemetry, traces);
        return builder;
    }

    private static void AddTraces(WebApplicationBuilder builder, OpenTelemetryBuilder telemetry, OtlpTarget target)
    {
        builder.UseOrleans(silo => silo.AddActivityPropagation());
        telemetry.WithTracing(traces => traces
            .AddAspNetCoreInstrumentation(Configure)
            .AddSource(Sources)
            // Before the exporter: processors run in this order.
            .AddProcessor(new PersonalDataFilter())
            .AddOtlpExporter(target.Apply));
    }

    private static void Configure(AspNetCoreTraceInstrumentationOptions http) =>
        // The route, the status and the time say what there is to know. An exception's text is in the log.
        http.RecordException = false;
}
