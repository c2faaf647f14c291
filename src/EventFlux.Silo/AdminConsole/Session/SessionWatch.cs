using System.Globalization;
using System.Security.Claims;
using EventFlux.Silo.Authentication;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace EventFlux.Silo.AdminConsole.Session;

/// <summary>An open page outlives the request that its token came with: the token is judged again every few seconds,
/// so that a session ends at its time, and soon after a password or role was changed.</summary>
internal sealed class SessionWatch(
    ILoggerFactory logging, TokenValidation validation, TimeProvider time)
    : RevalidatingServerAuthenticationStateProvider(logging)
{
    /// <inheritdoc/>
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        Task.FromResult(IsGood(authenticationState.User));

    private bool IsGood(ClaimsPrincipal user) =>
        user.Identity is not { IsAuthenticated: true }
        || (validation.IsAcceptable(user)
            && long.TryParse(user.FindFirstValue("exp"), CultureInfo.InvariantCulture, out var end)
            && time.GetUtcNow().ToUnixTimeSeconds() < end);
}
