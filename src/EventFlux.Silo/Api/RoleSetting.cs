using EventFlux.Contracts;
using EventFlux.Contracts.Users;
using EventFlux.Silo.Authentication;
using FluentValidation;

namespace EventFlux.Silo.Api;

/// <summary>The body of <c>PUT /api/admin/users/{id}/role</c>.</summary>
public sealed record SetRoleRequest(string? Role);

/// <summary>One of the two words, exactly.</summary>
internal sealed class SetRoleValidator : AbstractValidator<SetRoleRequest>
{
    public SetRoleValidator() =>
        RuleFor(request => request.Role).Must(role => UserRoleText.TryParse(role, out _))
            .WithMessage("must be one of user, admin");
}

/// <summary>Gives a user a role, or takes it: the one way for the API and the console. Safe for concurrent
/// use.</summary>
internal sealed class RoleSetting(IGrainFactory grains, TokenRevocations revocations, TimeProvider time)
{
    /// <summary>Durable before the answer. The user's older tokens are no good any more, here at once and on the other
    /// silos within 5 seconds; the change is in the audit log. The role that a user has already changes
    /// nothing.</summary>
    /// <returns>The user; or why not.</returns>
    public async Task<(UserProfile? User, Problem? Problem)> SetAsync(
        Guid id, UserRole role, Actor by, CancellationToken cancellationToken)
    {
        // A repeat finds the role set, so it makes no difference whether an earlier try was carried out.
        var (result, _) = await GrainCalls.CallAsync(
            () => grains.GetGrain<IUserGrain>(id).SetRoleAsync(role, by, CancellationToken.None), time,
            cancellationToken);
        if (result.User is { } user) revocations.Revoke(user.Id, user.CredentialVersion);
        return (result.User, Problems.Of(result.Outcome));
    }
}
