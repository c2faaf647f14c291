using EventFlux.Contracts.RateLimiting;
using EventFlux.Silo.RateLimiting;

namespace EventFlux.Silo.Api;

/// <summary>Counts each request by its client's address, before any work is done for it: even a token that must be
/// checked costs. Health and metrics count nowhere, so that a busy client can't hide a healthy silo.</summary>
internal sealed class AddressLimits(RequestDelegate next, RateLimits limits)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (IsExempt(context.Request.Path))
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

    private static bool IsExempt(PathString path) =>
        path == "/health/live" || path == "/health/ready" || path == "/metrics";
}
