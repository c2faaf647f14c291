namespace EventFlux.Contracts.Users;

/// <summary>What a successful sign-in has shown.</summary>
/// <param name="PasswordHash">The hash that the password belonged to.</param>
/// <param name="DearerHash">A hash of the same password at today's cost; null when the old one costs as much.</param>
/// <param name="Network">Where the sign-in came from, as a keyed hash; null when that is not known.</param>
[GenerateSerializer, Immutable, Alias("eventflux.SignInNote")]
public sealed record SignInNote(
    [property: Id(0)] string PasswordHash,
    [property: Id(1)] string? DearerHash,
    [property: Id(2)] Guid? Network)
{
    /// <summary>Never prints a hash.</summary>
    public override string ToString() => nameof(SignInNote);
}
