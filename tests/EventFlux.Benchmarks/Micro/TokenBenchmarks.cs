using System.Security.Claims;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using EventFlux.Contracts.Users;
using EventFlux.Silo.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;

namespace EventFlux.Benchmarks.Micro;

/// <summary>A request's token, as the bearer handler has it checked.</summary>
public class TokenBenchmarks
{
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly JwtBearerOptions _options = new();
    private readonly TokenValidation _validation;
    private readonly string _token;

    public TokenBenchmarks()
    {
        var time = TimeProvider.System;
        var options = new TokenOptions(RandomNumberGenerator.GetBytes(64), TimeSpan.FromHours(12));
        _validation = new(options, new TokenRevocations(options, time), time);
        _validation.Configure(_options);
        var now = time.GetUtcNow();
        var user = new UserProfile(
            Guid.NewGuid(), "somebody@example.org", "Some", "Body", UserRole.User, 1, now, now);
        _token = new TokenIssuer(options, time).Issue(user).Token;
    }

    [Benchmark]
    public async Task<bool> Check()
    {
        var result = await _handler.ValidateTokenAsync(_token, _options.TokenValidationParameters);
        return result.IsValid && _validation.IsAcceptable(new ClaimsPrincipal(result.ClaimsIdentity))
            ? true
            : throw new InvalidOperationException("A good token was refused.", result.Exception);
    }
}
