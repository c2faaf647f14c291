namespace EventFlux.Contracts.Users;

/// <summary>Signs a user up. The grain's key becomes the user's id.</summary>
/// <param name="Password">8 to 72 bytes in UTF-8.</param>
/// <param name="Role"><see cref="UserRole.Admin"/> only for accounts that the operator sets up.</param>
/// <param name="By">Who asks, for the audit log; null for the system itself.</param>
/// <param name="Network">As in <see cref="IUserGrain.SignInAsync"/>.</param>
[GenerateSerializer, Immutable, Alias("eventflux.RegisterUser")]
public sealed record RegisterUser(
    [property: Id(0)] string Email,
    [property: Id(1)] string Password,
    [property: Id(2)] string FirstName,
    [property: Id(3)] string LastName,
    [property: Id(4)] UserRole Role = UserRole.User,
    [property: Id(5)] Actor? By = null,
    [property: Id(6)] Guid? Network = null)
{
    /// <summary>Never prints the password, wherever a command may be logged.</summary>
    public override string ToString() => nameof(RegisterUser);
}

/// <summary>The answer to <see cref="RegisterUser"/>.</summary>
/// <param name="User">The new user, with <see cref="RegisterUserOutcome.Registered"/>.</param>
[GenerateSerializer, Immutable, Alias("eventflux.RegisterUserResult")]
public sealed record RegisterUserResult(
    [property: Id(0)] RegisterUserOutcome Outcome,
    [property: Id(1)] UserProfile? User = null);

/// <summary>How <see cref="IUserGrain.RegisterAsync"/> ended.</summary>
public enum RegisterUserOutcome
{
    /// <summary>The user is in the database.</summary>
    Registered = 0,

    /// <summary>The e-mail address, without regard to case, or the id belongs to a user already.</summary>
    UserAlreadyExists = 1,
}
