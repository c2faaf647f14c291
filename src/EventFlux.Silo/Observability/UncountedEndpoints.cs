using Microsoft.AspNetCore.Http.Timeouts;

namespace EventFlux.Silo.Observability;

/// <summary>Requests of an endpoint with this are in no figures.</summary>
/// <param name="IsLimited">Whether an address may make so many only, nevertheless.</param>
internal sealed record Uncounted(bool IsLimited = false)
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

    /// <summary>Requests stay open for as long as somebody watches: they are no load, take no time, and never take too
    /// long. Opening one counts as any other request against its address's limit.</summary>
    public static TBuilder StaysOpen<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new Uncounted(IsLimited: true), new DisableRequestTimeoutAttribute())
            .DisableHttpMetrics();

    /// <summary>Whether the endpoint that was chosen is in no figures. Asked behind routing.</summary>
    public static bool IsUncounted(this HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Uncounted>() is not null;

    /// <summary>Whether no limit applies to it either.</summary>
    public static bool IsUnlimited(this HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Uncounted>() is { IsLimited: false };
}
