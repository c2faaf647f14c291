using EventFlux.Contracts.Users;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventFlux.Silo.Authentication;

/// <summary>Makes tokens. Safe for concurrent use.</summary>
public sealed class TokenIssuer(TokenOptions options, TimeProvider time)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly SigningCredentials _credentials =
        new(options.Signing(), SecurityAlgorithms.HmacSha256);

    /// <summary>A token for the user as the profile describes it.</summary>
    public IssuedToken Issue(UserProfile user)
    {
        // A token counts in whole seconds; what is told about its end is what stands in it.
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((issuedAt + options.Lifetime).ToUnixTimeSeconds());
        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = TokenOptions.Party,
            Audience = TokenOptions.Party,
            IssuedAt = issuedAt.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            SigningCredentials = _credentials,
            Claims = new Dictionary<string, object>
            {
                [TokenClaims.UserId] = user.Id.ToString(),
                [TokenClaims.Email] = user.Email,
                [TokenClaims.Role] = user.Role.ToText(),
                [TokenClaims.Version] = user.CredentialVersion,
            },
        });
        return new(token, expiresAt);
    }
}

/// <summary>A signed token and when it ends.</summary>
public sealed record IssuedToken(string Token, DateTimeOffset ExpiresAt)
{
    /// <summary>Never prints the token.</summary>
    public override string ToString() => nameof(IssuedToken);
}
