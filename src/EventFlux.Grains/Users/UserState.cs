using System.Collections.Immutable;
using System.Text.Json.Serialization;
using EventFlux.Contracts;
using EventFlux.Contracts.Users;

namespace EventFlux.Grains.Users;

/// <summary>
/// What is stored of a user, as JSON. The names are fixed here because <c>sql/</c> reads them: the table <c>users</c>
/// follows this document by a trigger. Immutable, so a reader never sees a half-made change.
/// </summary>
[GenerateSerializer, Immutable, Alias("eventflux.UserState")]
internal sealed record UserState
{
    [Id(0), JsonPropertyName("id")]
    public Guid Id { get; init; }

    [Id(1), JsonPropertyName("email")]
    public string Email { get; init; } = "";

    [Id(2), JsonPropertyName("first_name")]
    public string FirstName { get; init; } = "";

    [Id(3), JsonPropertyName("last_name")]
    public string LastName { get; init; } = "";

    /// <summary>As <see cref="UserRoleText"/> writes it.</summary>
    [Id(4), JsonPropertyName("role")]
    public string Role { get; init; } = UserRole.User.ToText();

    [Id(5), JsonPropertyName("password_hash")]
    public string PasswordHash { get; init; } = "";

    [Id(6), JsonPropertyName("credential_version")]
    public int CredentialVersion { get; init; }

    [Id(7), JsonPropertyName("created_at")]
    public DateTimeOffset CreatedAt { get; init; }

    [Id(8), JsonPropertyName("updated_at")]
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Who last changed role or password, with role and trace id as they were then; null for the system. The
    /// audit log is written from these.</summary>
    [Id(9), JsonPropertyName("changed_by")]
    public Guid? ChangedBy { get; init; }

    [Id(10), JsonPropertyName("changed_by_role")]
    public string? ChangedByRole { get; init; }

    [Id(11), JsonPropertyName("changed_in")]
    public string? ChangedIn { get; init; }

    /// <summary>Where the user has signed in from, newest first, as keyed hashes.</summary>
    [Id(12), JsonPropertyName("networks")]
    public ImmutableArray<Guid> Networks { get; init; } = [];

    /// <summary>The same with a change of credentials by that actor.</summary>
    public UserState ChangedCredentials(Actor? by, DateTimeOffset now) => this with
    {
        CredentialVersion = CredentialVersion + 1,
        UpdatedAt = now,
        ChangedBy = by?.Id,
        ChangedByRole = by?.Role?.ToText(),
        ChangedIn = by?.TraceId,
    };

    public UserProfile ToProfile() => new(
        Id, Email, FirstName, LastName,
        UserRoleText.TryParse(Role, out var role) ? role : throw new InvalidOperationException("The role is unknown."),
        CredentialVersion, CreatedAt, UpdatedAt);

    /// <summary>Names nobody.</summary>
    public override string ToString() => $"{nameof(UserState)} {{ {nameof(Id)} = {Id} }}";
}
