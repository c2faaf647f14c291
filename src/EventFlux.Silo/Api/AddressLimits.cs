using EventFlux.Contracts.RateLimiting;
using EventFlux.Silo.Observability;
using EventFlux.Silo.RateLimiting;

namespace EventFlux.Silo.Api;

/// <summary>Counts each request by its client's address, before any work is done for it: even a token that must be
/// checked costs.</summary>
internal sealed class AddressLimits(RequestDelegate next, RateLimits limits)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.IsUnlimited())
        {
            await next(context);
            return;
        }

        RateLimitHeaders.Begin(context);
        var key = RateLimitKeys.OfAddress(context.Connection.RemoteIpAddress);
        if (!await context.IsWithinAsync(limits, RateLimitTier.General, key)) return;
        if (context.TierOf() is RateLimitTier.Auth && !await context.IsWithinAsync(limits, RateLimitTier.Auth, key))
            return;
        await next(context);
    }
}
