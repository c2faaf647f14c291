using EventFlux.Contracts;
using EventFlux.Contracts.Users;
using EventFlux.Grains.Storage;

namespace EventFlux.Grains.Users;

/// <summary>Accounts by their e-mail address, where a grain is known by its id only. Safe for concurrent use.</summary>
public sealed class Accounts(
    IGrainFactory grains, UserQueries queries, PasswordAttempts attempts, TimeProvider time)
{
    /// <summary>Signs up.</summary>
    /// <param name="id">A new one, by which a caller whose call was lost on the way can look for what came of
    /// it.</param>
    /// <param name="origin">Null when it is the system itself that signs somebody up.</param>
    public Task<RegisterUserResult> RegisterAsync(
        Guid id, RegisterUser command, RequestOrigin? origin, CancellationToken cancellationToken)
    {
        if (origin is not null)
        {
            command = command with
            {
                By = new(id, command.Role, origin.TraceId),
                Network = attempts.NetworkOf(command.Email, origin.Address),
            };
        }

        return grains.GetGrain<IUserGrain>(id).RegisterAsync(command, cancellationToken);
    }

    /// <summary>Signs in when address and password are right; whichever of the two is wrong, the answer is the same,
    /// after the same time.</summary>
    public async Task<CredentialResult> SignInAsync(
        string email, string password, RequestOrigin origin, CancellationToken cancellationToken)
    {
        // What is no address can't be stored either, and might not even be text to the database.
        var known = AccountRules.FaultOfEmail(email) is null
            ? await queries.FindIdByEmailAsync(email, cancellationToken)
            : null;
        // An unknown address takes the whole way of a known one, to a grain and its storage, for the same answer as a
        // wrong password.
        var id = known ?? Guid.CreateVersion7(time.GetUtcNow());
        var user = grains.GetGrain<IUserGrain>(id);
        return await attempts.RunAsync(
            email, origin.Address, user, network => user.SignInAsync(password, network, cancellationToken),
            cancellationToken);
    }

    /// <summary>Changes a password when the current one is right. Trying it here is no quicker than by signing
    /// in.</summary>
    /// <param name="email">The user's address.</param>
    /// <param name="by">The user.</param>
    public Task<CredentialResult> ChangePasswordAsync(
        Actor by, string email, string currentPassword, string newPassword, RequestOrigin origin,
        CancellationToken cancellationToken)
    {
        var user = grains.GetGrain<IUserGrain>(by.Id);
        return attempts.RunAsync(
            email, origin.Address, user,
            network => user.ChangePasswordAsync(currentPassword, newPassword, by, network, cancellationToken),
            cancellationToken);
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
        var id = Guid.CreateVersion7(time.GetUtcNow());
        return (await RegisterAsync(id, account, origin: null, cancellationToken)).User;
    }
}
