using EventFlux.Contracts.Users;
using EventFlux.Silo.Authentication;

namespace EventFlux.Silo.Api;

/// <summary>A user, as the user and admins see it.</summary>
public sealed record UserResponse(
    Guid Id,
    string Email,
    string FirstName,
    string LastName,
    string Role,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static UserResponse From(UserProfile user) => new(
        user.Id, user.Email, user.FirstName, user.LastName, user.Role.ToText(), user.CreatedAt, user.UpdatedAt);

    /// <summary>Prints nothing: the values are personal.</summary>
    public override string ToString() => nameof(UserResponse);
}

/// <summary>A user and the token to act as that user.</summary>
public sealed record SessionResponse(UserResponse User, string Token, DateTimeOffset ExpiresAt)
{
    public static SessionResponse From(UserProfile user, IssuedToken token) =>
        new(UserResponse.From(user), token.Token, token.ExpiresAt);

    /// <summary>Never prints the token.</summary>
    public override string ToString() => nameof(SessionResponse);
}

/// <summary>A fresh token.</summary>
public sealed record TokenResponse(string Token, DateTimeOffset ExpiresAt)
{
    public static TokenResponse From(IssuedToken token) => new(token.Token, token.ExpiresAt);

    /// <summary>Never prints the token.</summary>
    public override string ToString() => nameof(TokenResponse);
}
