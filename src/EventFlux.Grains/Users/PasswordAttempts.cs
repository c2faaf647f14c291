using System.Net;
using EventFlux.Contracts.Users;

namespace EventFlux.Grains.Users;

/// <summary>
/// Lets passwords be tried, but not quickly: past a number of failures each further attempt waits for its turn, here,
/// where it holds no grain, no connection and no BCrypt thread. From a network that the account has signed in from,
/// only the failures of that network count; so whatever strangers do, the owner at home is not even slowed. Safe for
/// concurrent use.
/// </summary>
public sealed class PasswordAttempts(IGrainFactory grains, SignInHashes hashes, TimeProvider time)
{
    /// <summary>Requests that wait on this silo at most.</summary>
    private const int MaxPausing = 256;

    private static readonly TimeSpan RetryWhenFull = AttemptPacing.LongestPause;

    private int _pausing;

    /// <summary>The keyed hash under which a user remembers that place; null when the place is not known.</summary>
    internal Guid? NetworkOf(string email, IPAddress? address) =>
        address is null ? null : hashes.OfNetwork(hashes.OfAccount(email), address);

    /// <param name="email">Whose password is tried.</param>
    /// <param name="user">That user, or one that nobody registered.</param>
    /// <param name="tryAsync">Given the network: the user when the password is right, otherwise null.</param>
    internal async Task<CredentialResult> RunAsync(
        string email, IPAddress? address, IUserGrain user, Func<Guid?, Task<UserProfile?>> tryAsync,
        CancellationToken cancellationToken)
    {
        var account = hashes.OfAccount(email);
        var network = NetworkOf(email, address);
        if (network is { } place && await user.KnowsNetworkAsync(place))
            account = hashes.OfAccountThere(account, place);
        var guard = grains.GetGrain<ISignInGuardGrain>(account.ToByteArray()[0] % ISignInGuardGrain.Shares);

        var admission = await guard.AdmitAsync(account, network ?? Guid.Empty);
        var refusal = admission.RetryAfter ?? await WaitAsync(admission.Pause, cancellationToken);
        if (refusal is { } retryAfter) return new(CredentialOutcome.TooManyFailures, RetryAfter: retryAfter);

        if (await tryAsync(network) is not { } profile) return new(CredentialOutcome.Wrong);
        await guard.ForgiveAsync(account);
        return new(CredentialOutcome.Accepted, profile);
    }

    /// <returns>Null after the pause; when to ask again where too many wait already.</returns>
    private async Task<TimeSpan?> WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        if (pause == TimeSpan.Zero) return null;
        try
        {
            if (Interlocked.Increment(ref _pausing) > MaxPausing) return RetryWhenFull;
            await Task.Delay(pause, time, cancellationToken);
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _pausing);
        }
    }
}
