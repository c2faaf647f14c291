namespace EventFlux.Contracts.Users;

/// <summary>A user as others may see it: everything but the password hash.</summary>
/// <param name="Email">As it was given; compared without regard to case.</param>
/// <param name="CredentialVersion">From 1; raised by each change of password or role. Older tokens are revoked.</param>
[GenerateSerializer, Immutable, Alias("eventflux.UserProfile")]
public sealed record UserProfile(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Email,
    [property: Id(2)] string FirstName,
    [property: Id(3)] string LastName,
    [property: Id(4)] UserRole Role,
    [property: Id(5)] int CredentialVersion,
    [property: Id(6)] DateTimeOffset CreatedAt,
    [property: Id(7)] DateTimeOffset UpdatedAt)
{
    /// <summary>Names nobody, wherever an answer may be logged.</summary>
    public override string ToString() => $"{nameof(UserProfile)} {{ {nameof(Id)} = {Id} }}";
}
