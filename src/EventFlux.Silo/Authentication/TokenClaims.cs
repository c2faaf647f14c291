namespace EventFlux.Silo.Authentication;

/// <summary>The names of a token's claims, in the token and on the request's user.</summary>
public static class TokenClaims
{
    public const string UserId = "sub";
    public const string Email = "email";
    public const string Role = "role";

    /// <summary>The user's credential version when the token was issued.</summary>
    public const string Version = "ver";

    public const string IssuedAt = "iat";
}
