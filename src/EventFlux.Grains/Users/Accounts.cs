using EventFlux.Contracts.Users;
using EventFlux.Grains.Storage;

namespace EventFlux.Grains.Users;

/// <summary>Accounts by their e-mail address, where a grain is known by its id only. Safe for concurrent use.</summary>
public sealed class Accounts(IGrainFactory grains, UserQueries queries, TimeProvider time)
{
    /// <summary>Signs up under a new id.</summary>
    public Task<RegisterUserResult> RegisterAsync(RegisterUser command, CancellationToken cancellationToken) =>
        grains.GetGrain<IUserGrain>(Guid.CreateVersion7(time.GetUtcNow())).RegisterAsync(command, cancellationToken);

    /// <summary>The profile when address and password are right; null when either is wrong, after the same
    /// time.</summary>
    public async Task<UserProfile?> SignInAsync(string email, string password, CancellationToken cancellationToken)
    {
        // What is no address can't be stored either, and might not even be text to the database.
        var known = AccountRules.FaultOfEmail(email) is null
            ? await queries.FindIdByEmailAsync(email, cancellationToken)
            : null;
        // An unknown address takes the whole way of a known one, to a grain and its storage, for the same answer as a
        // wrong password.
        var id = known ?? Guid.CreateVersion7(time.GetUtcNow());
        return await grains.GetGrain<IUserGrain>(id).SignInAsync(password, cancellationToken);
    }

    /// <summary>
    /// Makes sure that an account with this address exists; one that does is left as it is, password and role
    /// included. Any number of silos may do this at once.
    /// </summary>
    /// <returns>The account when this call created it, otherwise null.</returns>
    /// <exception cref="ArgumentException">The address, the password or a name is none that may sign up.</exception>
    public async Task<UserProfile?> EnsureAsync(RegisterUser account, CancellationToken cancellationToken = default)
    {
        var fault = AccountRules.FaultOfEmail(account.Email)
            ?? AccountRules.FaultOfPassword(account.Password)
            ?? AccountRules.FaultOfName(account.FirstName)
            ?? AccountRules.FaultOfName(account.LastName);
        if (fault is not null) throw new ArgumentException($"The account can't sign up: a member {fault}.");

        if (await queries.FindIdByEmailAsync(account.Email, cancellationToken) is not null) return null;
        return (await RegisterAsync(account, cancellationToken)).User;
    }
}
