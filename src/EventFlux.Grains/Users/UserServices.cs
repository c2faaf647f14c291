using System.Security.Cryptography;
using EventFlux.Grains.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EventFlux.Grains.Users;

/// <summary>What the users' grains are built from.</summary>
internal static class UserServices
{
    /// <summary>Whoever registers a <see cref="PasswordHashingOptions"/> first decides about the cost; and whoever
    /// registers the <see cref="SignInHashes"/>, about their key. Without one, each silo has its own, which serves a
    /// silo alone.</summary>
    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.TryAddSingleton(new PasswordHashingOptions());
        services.TryAddSingleton(new SignInHashes(RandomNumberGenerator.GetBytes(32)));
        services.AddSingleton<PasswordHasher>();
        services.AddSingleton<PasswordAttempts>();
        services.AddSingleton<UserQueries>();
        services.AddSingleton<Accounts>();
        return services;
    }
}
