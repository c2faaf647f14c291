using System.Security.Claims;
using EventFlux.Contracts;
using EventFlux.Contracts.Users;

namespace EventFlux.Silo.Api;

/// <summary>Who asks, as the token says. Bound from the request; only on endpoints that need a token.</summary>
public sealed record CurrentUser(Guid Id, string Email, bool IsAdmin)
{
    /// <summary>The role that the admin policy asks for.</summary>
    public const string AdminRole = "admin";

    /// <summary>The user as the audit log names who asks.</summary>
    public Actor AsActor(HttpContext context) =>
        new(Id, IsAdmin ? UserRole.Admin : UserRole.User, TraceIds.Of(context));

    /// <summary>Taken from the claims that the authentication has checked.</summary>
    public static ValueTask<CurrentUser?> BindAsync(HttpContext context) => ValueTask.FromResult(From(context.User));

    /// <summary>The user behind a checked token; null for an anonymous caller.</summary>
    public static CurrentUser? From(ClaimsPrincipal principal) =>
        principal.Identity is { IsAuthenticated: true } && Guid.TryParse(principal.FindFirstValue("sub"), out var id)
            ? new(id, principal.FindFirstValue("email") ?? "", principal.FindFirstValue("role") == AdminRole)
            : null;
}
