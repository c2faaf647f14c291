using EventFlux.Grains.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EventFlux.Grains.Users;

/// <summary>What the users' grains are built from.</summary>
internal static class UserServices
{
    /// <summary>Whoever registers a <see cref="PasswordHashingOptions"/> first decides about the cost.</summary>
    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.TryAddSingleton(new PasswordHashingOptions());
        services.AddSingleton<PasswordHasher>();
        services.AddSingleton<UserQueries>();
        services.AddSingleton<Accounts>();
        return services;
    }
}
