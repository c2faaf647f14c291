namespace EventFlux.Contracts.Users;

/// <summary>How setting a role ended.</summary>
public enum SetRoleOutcome
{
    /// <summary>The user has the role now, or had it already. Durable.</summary>
    Set = 0,

    UserNotFound = 1,

    /// <summary>The user is the only admin, and stays one: nobody else could give the role away.</summary>
    LastAdmin = 2,
}

/// <summary>The answer to setting a role.</summary>
/// <param name="User">With <see cref="SetRoleOutcome.Set"/>.</param>
[GenerateSerializer, Immutable, Alias("eventflux.SetRoleResult")]
public sealed record SetRoleResult(
    [property: Id(0)] SetRoleOutcome Outcome, [property: Id(1)] UserProfile? User = null);
