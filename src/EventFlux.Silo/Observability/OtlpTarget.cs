using OpenTelemetry.Exporter;

namespace EventFlux.Silo.Observability;

/// <summary>Where one kind of telemetry is sent, by the variables that OpenTelemetry defines for everybody.</summary>
/// <param name="Endpoint">Of this kind alone; null: the common one, which the exporter reads by itself, as it does the
/// other variables.</param>
internal sealed record OtlpTarget(Uri? Endpoint)
{
    public static OtlpTarget? ForTraces(IConfiguration configuration) => For("TRACES", configuration);

    public static OtlpTarget? ForMetrics(IConfiguration configuration) => For("METRICS", configuration);

    public void Apply(OtlpExporterOptions exporter)
    {
        if (Endpoint is not null) exporter.Endpoint = Endpoint;
    }

    /// <summary>Null: nothing is sent.</summary>
    private static OtlpTarget? For(string signal, IConfiguration configuration)
    {
        if (configuration[$"OTEL_{signal}_EXPORTER"] is "none" || configuration["OTEL_SDK_DISABLED"] is "true")
            return null;
        if (Uri.TryCreate(configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"], UriKind.Absolute, out var own))
            return new(own);
        return string.IsNullOrWhiteSpace(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]) ? null : new((Uri?)null);
    }
}
