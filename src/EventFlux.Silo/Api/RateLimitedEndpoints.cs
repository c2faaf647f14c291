using EventFlux.Contracts.RateLimiting;
using EventFlux.Silo.RateLimiting;

namespace EventFlux.Silo.Api;

/// <summary>A tier that requests of an endpoint count in beside the general one.</summary>
internal sealed record CountedIn(RateLimitTier Tier);

internal static class RateLimitedEndpoints
{
    /// <summary>Requests count in this tier too, each time, whatever comes of them: a repeat with an
    /// <c>Idempotency-Key</c> as well.</summary>
    public static TBuilder CountsIn<TBuilder>(this TBuilder endpoints, RateLimitTier tier)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new CountedIn(tier));

    /// <summary>The tier of the endpoint that was chosen.</summary>
    public static RateLimitTier? TierOf(this HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<CountedIn>()?.Tier;

    /// <summary>Counts the request. When there were too many, it is answered with that.</summary>
    public static async ValueTask<bool> IsWithinAsync(
        this HttpContext context, RateLimits limits, RateLimitTier tier, RateLimitKey key)
    {
        var decision = await limits.CountAsync(tier, key);
        RateLimitHeaders.Of(context)?.Add(decision);
        if (decision.IsAllowed) return true;

        var detail = $"At most {decision.Limit} are allowed; more from {decision.ResetSeconds} seconds from now on.";
        await new Problem(Problems.CodeOf(tier), detail).ExecuteAsync(context);
        return false;
    }
}
