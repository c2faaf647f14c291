using System.Diagnostics;
using EventFlux.Contracts;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Contracts.Users;
using EventFlux.Silo.AdminConsole.Live;
using EventFlux.Silo.Api;
using EventFlux.Silo.RateLimiting;
using Microsoft.AspNetCore.Components.Authorization;
using ErrorCode = EventFlux.Silo.Api.ErrorCode;

namespace EventFlux.Silo.AdminConsole.Session;

/// <summary>Who sits before an open page, and what that person may do right now. One for each page that is
/// open.</summary>
internal sealed class ConsoleUser(
    AuthenticationStateProvider session, RateLimits limits, ILogger<ConsoleUser> logger)
{
    /// <summary>Of the traces that begin with a click.</summary>
    public const string SourceName = "EventFlux.Console";

    private static readonly ActivitySource Source = new(SourceName);

    private static readonly Problem SignedOut =
        new(ErrorCode.InvalidToken, "Your session has ended. Sign in again.");

    private static readonly Problem NoAdmin =
        new(ErrorCode.InsufficientPermissions, "Your role doesn't allow this.");

    /// <summary>Runs what an admin asked for, after the questions that a request to the API is asked: whose it is,
    /// whether the role allows it, and whether it is one of too many. What it throws is told as the API would; the page
    /// goes on.</summary>
    /// <param name="act">Gets the admin, and how the audit log names that person.</param>
    /// <returns>Why it was refused or what went wrong; null where it was done.</returns>
    public async Task<Problem?> ActAsync(Func<CurrentUser, Actor, Task<Problem?>> act)
    {
        if (CurrentUser.From((await session.GetAuthenticationStateAsync()).User) is not { } user) return SignedOut;
        if (!user.IsAdmin) return NoAdmin;

        var decision = await limits.CountAsync(RateLimitTier.Admin, RateLimitKeys.OfUser(user.Id));
        if (!decision.IsAllowed)
            return new(
                Problems.CodeOf(RateLimitTier.Admin),
                $"At most {decision.Limit} are allowed; more from {decision.ResetSeconds} seconds from now on.");
        // Nothing to do with the request that once opened the page.
        using var trace = Source.StartActivity("console action", ActivityKind.Internal, default(ActivityContext));
        var traceId = trace?.TraceId ?? ActivityTraceId.CreateRandom();
        try
        {
            return await act(user, new(user.Id, UserRole.Admin, traceId.ToString()));
        }
        catch (Exception fault)
        {
            return ConsoleFaults.Tell(fault, logger);
        }
    }
}
