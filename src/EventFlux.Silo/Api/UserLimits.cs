using EventFlux.Contracts.RateLimiting;
using EventFlux.Silo.RateLimiting;

namespace EventFlux.Silo.Api;

/// <summary>Counts requests by user where the endpoint says so: after a token or a role was refused, before anything
/// else.</summary>
internal sealed class UserLimits(RequestDelegate next, RateLimits limits)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.TierOf() is { } tier and not RateLimitTier.Auth
            && CurrentUser.From(context.User) is { } user
            && !await context.IsWithinAsync(limits, tier, RateLimitKeys.OfUser(user.Id)))
            return;
        await next(context);
    }
}
