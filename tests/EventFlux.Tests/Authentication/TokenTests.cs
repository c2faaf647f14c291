using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventFlux.Contracts.Users;
using EventFlux.Silo.Authentication;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace EventFlux.Tests.Authentication;

/// <summary>Which tokens pass, and which code the others get. Tokens are forged here by hand, not by the
/// issuer.</summary>
public sealed class TokenTests : IDisposable
{
    private const string Missing = "MISSING_TOKEN";
    private const string Invalid = "INVALID_TOKEN";
    private const string Expired = "TOKEN_EXPIRED";

    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(48);
    private static readonly Guid UserId = Guid.Parse("0198c5a2-7d1e-7aaa-8aaa-0123456789ab");

    private readonly FakeTimeProvider _time = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TokenOptions _options = new(Secret, TimeSpan.FromHours(24));
    private readonly ServiceProvider _services;

    public TokenTests()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton(_options);
        services.AddSingleton<TokenRevocations>();
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, TokenValidation>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        _services = services.BuildServiceProvider();
    }

    private TokenRevocations Revocations => _services.GetRequiredService<TokenRevocations>();

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Issued_Token_PassesAndSaysWhoItIs()
    {
        var issued = Issue(version: 3);

        var context = await RequestAsync($"Bearer {issued.Token}");

        Assert.Equal(UserId.ToString(), context.User.FindFirst("sub")?.Value);
        Assert.Equal("ada@example.com", context.User.FindFirst("email")?.Value);
        Assert.True(context.User.IsInRole("admin"));
        Assert.Equal(_time.GetUtcNow().AddHours(24), issued.ExpiresAt);
        var token = new JsonWebToken(issued.Token);
        Assert.Equal("HS256", token.Alg);
        Assert.Equal(
            ["aud", "email", "exp", "iat", "iss", "role", "sub", "ver"],
            token.Claims.Select(claim => claim.Type).Order());
        Assert.Equal(3, token.GetPayloadValue<int>("ver"));
        Assert.Equal(("eventflux", "eventflux"), (token.Issuer, token.Audiences.Single()));
    }

    [Fact]
    public async Task Forged_ByTheContract_Passes() => Assert.Null(await CodeAsync($"Bearer {Forge([])}"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer ")]
    [InlineData("Basic YTpi")]
    public async Task Header_WithoutToken_IsMissing(string? header) => Assert.Equal(Missing, await CodeAsync(header));

    [Theory]
    [InlineData("Bearer x")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer ..")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.e30.")]
    public async Task Header_WithNonsense_IsInvalid(string header) => Assert.Equal(Invalid, await CodeAsync(header));

    [Theory]
    [InlineData("sub", null)]
    [InlineData("sub", "not-a-uuid")]
    [InlineData("sub", "{0198c5a2-7d1e-7aaa-8aaa-0123456789ab}")]
    [InlineData("role", null)]
    [InlineData("role", "root")]
    [InlineData("role", "Admin")]
    [InlineData("ver", null)]
    [InlineData("ver", 0)]
    [InlineData("ver", -1)]
    [InlineData("ver", 1.5)]
    [InlineData("ver", 4294967297L)]
    [InlineData("ver", "one")]
    [InlineData("iss", null)]
    [InlineData("iss", "elsewhere")]
    [InlineData("aud", null)]
    [InlineData("aud", "elsewhere")]
    [InlineData("exp", null)]
    [InlineData("exp", "soon")]
    [InlineData("iat", null)]
    [InlineData("iat", "just now")]
    public async Task Claim_MissingOrWrong_IsInvalid(string claim, object? value) =>
        Assert.Equal(Invalid, await CodeAsync($"Bearer {Forge(new() { [claim] = value })}"));

    [Fact]
    public async Task Signature_OfAnotherKeyOrAlgorithm_IsInvalid()
    {
        Assert.Equal(Invalid, await CodeAsync($"Bearer {Forge([], secret: RandomNumberGenerator.GetBytes(48))}"));
        Assert.Equal(Invalid, await CodeAsync($"Bearer {Forge([], algorithm: "HS512")}"));
        Assert.Equal(Invalid, await CodeAsync($"Bearer {Forge([], algorithm: "none")}"));
        var token = Forge([]);
        Assert.Equal(Invalid, await CodeAsync($"Bearer {token[..token.LastIndexOf('.')]}."));
        Assert.Equal(Invalid, await CodeAsync($"Bearer {token[..^2]}AA"));
    }

    [Fact]
    public async Task Expiry_AllowsHalfAMinuteAndNoMore()
    {
        var token = Forge(new() { ["exp"] = Now + 60 });

        _time.Advance(TimeSpan.FromSeconds(89));
        Assert.Null(await CodeAsync($"Bearer {token}"));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(Expired, await CodeAsync($"Bearer {token}"));
    }

    [Fact]
    public async Task Expired_AndForged_IsInvalidNotExpired()
    {
        var token = Forge(new() { ["exp"] = Now - 3600 }, secret: RandomNumberGenerator.GetBytes(48));

        Assert.Equal(Invalid, await CodeAsync($"Bearer {token}"));
    }

    [Fact]
    public async Task IssuedAt_InTheFutureOrTooOld_IsInvalid()
    {
        var never = Now + 1_000_000_000;
        Assert.Null(await CodeAsync($"Bearer {Forge(new() { ["iat"] = Now + 29, ["exp"] = never })}"));
        Assert.Equal(Invalid, await CodeAsync($"Bearer {Forge(new() { ["iat"] = Now + 60, ["exp"] = never })}"));
        var oldest = Now - (long)_options.MaximumAge.TotalSeconds;
        Assert.Null(await CodeAsync($"Bearer {Forge(new() { ["iat"] = oldest + 1, ["exp"] = never })}"));
        Assert.Equal(Invalid, await CodeAsync($"Bearer {Forge(new() { ["iat"] = oldest - 1, ["exp"] = never })}"));
    }

    [Fact]
    public async Task Revoked_Versions_AreInvalid_TheNextOnePasses()
    {
        Revocations.Revoke(UserId, 3);

        Assert.Equal(Invalid, await CodeAsync($"Bearer {Issue(version: 1).Token}"));
        Assert.Equal(Invalid, await CodeAsync($"Bearer {Issue(version: 2).Token}"));
        Assert.Null(await CodeAsync($"Bearer {Issue(version: 3).Token}"));
    }

    [Fact]
    public void Revoke_OlderVersionAfterANewer_ChangesNothing()
    {
        Revocations.Revoke(UserId, 3);
        Revocations.Revoke(UserId, 2);

        Assert.True(Revocations.IsRevoked(UserId, 2));
        Assert.False(Revocations.IsRevoked(Guid.NewGuid(), 1));
    }

    [Fact]
    public async Task Forget_KeepsARevocationAsLongAsATokenOfItCouldPass()
    {
        var token = Forge(new() { ["exp"] = Now + 1_000_000_000 });
        Revocations.Revoke(UserId, 2);

        _time.Advance(_options.MaximumAge);
        Revocations.Forget();
        Assert.Equal(1, Revocations.Count);
        Assert.Equal(Invalid, await CodeAsync($"Bearer {token}"));

        _time.Advance(TokenOptions.Leeway + TimeSpan.FromSeconds(1));
        Revocations.Forget();
        Assert.Equal(0, Revocations.Count);
        Assert.Equal(Invalid, await CodeAsync($"Bearer {token}"));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [InlineData("PS256")]
    [InlineData("HS384")]
    [InlineData("hs256")]
    [InlineData("NONE")]
    [InlineData("")]
    public async Task Algorithm_AnyOtherNameOverARightSignature_IsInvalid(string name) =>
        Assert.Equal(Invalid, await CodeAsync($"Bearer {Forge([], header: new() { ["alg"] = name })}"));

    [Theory]
    [InlineData("kid", "../../../../dev/null")]
    [InlineData("kid", "' UNION SELECT 'key' --")]
    [InlineData("jwk", "{\"kty\":\"oct\",\"k\":\"AAAA\"}")]
    [InlineData("jku", "https://elsewhere.example/keys")]
    [InlineData("x5u", "https://elsewhere.example/cert")]
    public async Task Header_ThatNamesAKeyOfItsOwn_IsJudgedByOurs(string member, string value)
    {
        Dictionary<string, object> header = new() { [member] = value };

        Assert.Null(await CodeAsync($"Bearer {Forge([], header: header)}"));
        Assert.Equal(Invalid, await CodeAsync($"Bearer {Forge([], secret: new byte[32], header: header)}"));
        Assert.Equal(Invalid, await CodeAsync($"Bearer {Forge([], secret: [], header: header)}"));
    }

    private IssuedToken Issue(int version) => _services.GetRequiredService<TokenIssuer>().Issue(
        new(UserId, "ada@example.com", "Ada", "Byron", UserRole.Admin, version, _time.GetUtcNow(), _time.GetUtcNow()));

    /// <summary>A token as the contract describes it, with some claims changed or (null) left out.</summary>
    private string Forge(
        Dictionary<string, object?> changes, byte[]? secret = null, string algorithm = "HS256",
        Dictionary<string, object>? header = null)
    {
        var claims = new Dictionary<string, object?>
        {
            ["sub"] = UserId,
            ["email"] = "ada@example.com",
            ["role"] = "user",
            ["ver"] = 1,
            ["iat"] = Now,
            ["exp"] = Now + 3600,
            ["iss"] = "eventflux",
            ["aud"] = "eventflux",
        };
        foreach (var (name, value) in changes) claims[name] = value;
        foreach (var name in changes.Where(change => change.Value is null).Select(change => change.Key))
            claims.Remove(name);
        var head = new Dictionary<string, object> { ["alg"] = algorithm, ["typ"] = "JWT" };
        foreach (var (name, value) in header ?? []) head[name] = value;
        var (first, second) =
            (JsonSerializer.SerializeToUtf8Bytes(head), JsonSerializer.SerializeToUtf8Bytes(claims));
        var signed = $"{Encode(first)}.{Encode(second)}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = algorithm switch
        {
            "HS256" => HMACSHA256.HashData(secret ?? Secret, bytes),
            "HS512" => HMACSHA512.HashData(secret ?? Secret, bytes),
            _ => [],
        };
        return $"{signed}.{Encode(signature)}";
    }

    private static string Encode(byte[] bytes) =>
        Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>The code of the answer to a request that needs a token; null when it passes.</summary>
    private async Task<string?> CodeAsync(string? authorization)
    {
        var context = await RequestAsync(authorization);
        if (context.User.Identity is { IsAuthenticated: true }) return null;

        Assert.Equal(StatusCodes.Status401Unauthorized, context.Response.StatusCode);
        Assert.StartsWith("Bearer", context.Response.Headers.WWWAuthenticate.ToString(), StringComparison.Ordinal);
        await context.Response.BodyWriter.FlushAsync(TestContext.Current.CancellationToken);
        context.Response.Body.Position = 0;
        using var body = await JsonDocument.ParseAsync(
            context.Response.Body, cancellationToken: TestContext.Current.CancellationToken);
        return body.RootElement.GetProperty("code").GetString();
    }

    /// <summary>What the authentication and authorization middlewares do.</summary>
    private async Task<HttpContext> RequestAsync(string? authorization)
    {
        await using var scope = _services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Response.Body = new MemoryStream();
        if (authorization is not null) context.Request.Headers.Authorization = authorization;
        var result = await context.AuthenticateAsync();
        if (result.Succeeded) context.User = result.Principal;
        else await context.ChallengeAsync();
        return context;
    }
}
