using System.Security.Cryptography;
using EventFlux.Contracts.Users;
using EventFlux.Grains.Storage;
using EventFlux.Grains.Users;
using EventFlux.Silo.Api;
using EventFlux.Silo.Hosting;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EventFlux.Silo.Authentication;

/// <summary>Who a caller is.</summary>
internal static class AuthenticationSetup
{
    /// <summary>
    /// Registers tokens, their revocations, the operator's admin, and what a role may do. The caller provides the
    /// grains' services. No request is served before the revocations are read: their hosted service starts before the
    /// server.
    /// </summary>
    public static WebApplicationBuilder AddEventFluxAuthentication(
        this WebApplicationBuilder builder, SiloOptions options)
    {
        var services = builder.Services;
        services.AddSingleton(
            new TokenOptions(options.JwtSecret, options.JwtLifetime) { OtherSecret = options.JwtSecretPrevious });
        services.AddSingleton(new SignInHashes(HKDF.DeriveKey(
            HashAlgorithmName.SHA256, options.JwtSecret.ToArray(), outputLength: 32, info: "sign-in"u8.ToArray())));
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<TokenRevocations>();
        services.AddSingleton(CreateFeed);
        services.AddHostedService(provider => provider.GetRequiredService<RevocationFeed>());
        services.AddHostedService<FirstAdmin>();
        services.AddSingleton<TokenValidation>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>>(provider =>
            provider.GetRequiredService<TokenValidation>());
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Admin, policy => policy.RequireRole(UserRole.Admin.ToText()));
        return builder;
    }

    /// <summary>Polls over the small pool that a sale can't exhaust: a revocation must arrive in the middle of one.
    /// </summary>
    private static RevocationFeed CreateFeed(IServiceProvider provider)
    {
        var source = provider.GetRequiredKeyedService<NpgsqlDataSource>(DataSources.Membership);
        return ActivatorUtilities.CreateInstance<RevocationFeed>(provider, new UserQueries(new Database(source)));
    }
}
