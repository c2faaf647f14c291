using System.Security.Cryptography;
using System.Text;
using EventFlux.Contracts.Users;
using EventFlux.Silo.Authentication;

namespace EventFlux.Tests.Fixtures;

/// <summary>Makes tokens that silos with its secret accept, for users who never signed up: a silo judges a token by
/// its signature alone. Safe for concurrent use.</summary>
public sealed class TokenMint
{
    private readonly TokenIssuer _issuer;

    public TokenMint()
    {
        Secret = RandomNumberGenerator.GetHexString(64);
        var options = new TokenOptions(Encoding.UTF8.GetBytes(Secret), TimeSpan.FromHours(12));
        _issuer = new TokenIssuer(options, TimeProvider.System);
    }

    /// <summary>For <c>JWT_SECRET</c>.</summary>
    public string Secret { get; }

    public string Issue(Guid userId, UserRole role = UserRole.User)
    {
        var now = TimeProvider.System.GetUtcNow();
        var user = new UserProfile(userId, $"{userId:N}@example.org", "Test", "User", role, 1, now, now);
        return _issuer.Issue(user).Token;
    }
}
