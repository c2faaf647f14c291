namespace EventFlux.Silo.Observability;

/// <summary>Requests of an endpoint with this count nowhere.</summary>
internal sealed record Uncounted
{
    public static readonly Uncounted Instance = new();
}

internal static class UncountedEndpoints
{
    /// <summary>Requests appear in no figures and no trace, and no limit applies to them: a busy client can't hide a
    /// healthy silo, and looking at a silo doesn't change what is seen. For health, metrics, and what pages load
    /// besides.</summary>
    public static TBuilder CountsNowhere<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(Uncounted.Instance).DisableHttpMetrics();

    /// <summary>Whether the endpoint that was chosen counts nowhere. Asked behind routing.</summary>
    public static bool IsUncounted(this HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Uncounted>() is not null;
}
