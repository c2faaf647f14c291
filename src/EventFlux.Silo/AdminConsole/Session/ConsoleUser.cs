using System.Diagnostics;
using EventFlux.Contracts;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Contracts.Users;
using EventFlux.Silo.Api;
using EventFlux.Silo.RateLimiting;
using Microsoft.AspNetCore.Components.Authorization;
using ErrorCode = EventFlux.Silo.Api.ErrorCode;

namespace EventFlux.Silo.AdminConsole.Session;

/// <summary>Who sits before an open page, and what that person may do right now. One for each page that is
/// open.</summary>
internal sealed class ConsoleUser(AuthenticationStateProvider session, RateLimits limits)
{
    private static readonly Problem SignedOut =
        new(ErrorCode.InvalidToken, "Your session has ended. Sign in again.");

    private static readonly Problem NoAdmin =
        new(ErrorCode.InsufficientPermissions, "Your role doesn't allow this.");

    /// <summary>Runs what an admin asked for, after the questions that a request to the API is asked: whose it is,
    /// whether the role allows it, and whether it is one of too many.</summary>
    /// <param name="act">Gets the admin, and how the audit log names that person.</param>
    /// <returns>Why it was refused; null where it was done.</returns>
    public async Task<Problem?> ActAsync(Func<CurrentUser, Actor, Task<Problem?>> act)
    {
        if (CurrentUser.From((await session.GetAuthenticationStateAsync()).User) is not { } user) return SignedOut;
        if (!user.IsAdmin) return NoAdmin;

        var decision = await limits.CountAsync(RateLimitTier.Admin, RateLimitKeys.OfUser(user.Id));
        if (!decision.IsAllowed)
            return new(
                Problems.CodeOf(RateLimitTier.Admin),
                $"At most {decision.Limit} are allowed; more from {decision.ResetSeconds} seconds from now on.");
        return await act(user, new(user.Id, UserRole.Admin, ActivityTraceId.CreateRandom().ToString()));
    }
}
