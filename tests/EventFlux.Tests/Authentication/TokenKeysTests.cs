using System.Security.Cryptography;
using EventFlux.Contracts.Users;
using EventFlux.Silo.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EventFlux.Tests.Authentication;

/// <summary>Changing the secret: which tokens each silo honours on the way from the old one to the new.</summary>
public sealed class TokenKeysTests
{
    private readonly FakeTimeProvider _time = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly byte[] _old = RandomNumberGenerator.GetBytes(48);
    private readonly byte[] _new = RandomNumberGenerator.GetBytes(48);

    [Fact]
    public async Task Rotation_InThreeSteps_HonoursEveryTokenOfTheStepBefore()
    {
        TokenOptions[] steps = [Options(_old), Options(_old, _new), Options(_new, _old), Options(_new)];
        for (var step = 1; step < steps.Length; step++)
        {
            Assert.True(await IsHonouredAsync(steps[step - 1], steps[step]), $"{step - 1} by {step}");
            // The silos are restarted one by one, so the step before meets tokens of this one.
            Assert.True(await IsHonouredAsync(steps[step], steps[step - 1]), $"{step} by {step - 1}");
        }

        Assert.False(await IsHonouredAsync(Options(_old), Options(_new)));
        Assert.False(await IsHonouredAsync(Options(_old, _new), Options(_new)));
    }

    [Fact]
    public void KeyId_OfATokenOfOurs_NamesItsKeyAndNotTheSecret()
    {
        var (first, second) = (KeyId(Options(_old)), KeyId(Options(_new)));

        Assert.NotEqual(first, second);
        Assert.Equal(first, KeyId(Options(_old, _new)));
        Assert.Equal(11, first.Length);
        foreach (var text in (string[])[Base64UrlEncoder.Encode(_old), Convert.ToHexString(SHA256.HashData(_old))])
            Assert.DoesNotContain(first, text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task KeyId_OfTheOtherKey_IsNoWayAroundTheSignature()
    {
        var token = Issue(Options(RandomNumberGenerator.GetBytes(48)));
        var header = Base64UrlEncoder.Encode($$"""{"alg":"HS256","typ":"JWT","kid":"{{KeyId(Options(_old))}}"}""");

        Assert.False(await VerifyAsync(Options(_new, _old), header + token[token.IndexOf('.')..]));
    }

    private static TokenOptions Options(byte[] secret, byte[]? other = null) =>
        new(secret, TimeSpan.FromHours(1)) { OtherSecret = other };

    private string KeyId(TokenOptions options) => new JsonWebToken(Issue(options)).Kid;

    private string Issue(TokenOptions options) => new TokenIssuer(options, _time).Issue(
        new(Guid.NewGuid(), "ada@example.com", "Ada", "Byron", UserRole.User, 1, default, default)).Token;

    private Task<bool> IsHonouredAsync(TokenOptions issuer, TokenOptions verifier) =>
        VerifyAsync(verifier, Issue(issuer));

    private async Task<bool> VerifyAsync(TokenOptions options, string token)
    {
        var bearer = new JwtBearerOptions();
        new TokenValidation(options, new(options, _time), _time).Configure(bearer);
        return (await new JsonWebTokenHandler().ValidateTokenAsync(token, bearer.TokenValidationParameters)).IsValid;
    }
}
