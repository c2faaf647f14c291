using Orleans.Concurrency;

namespace EventFlux.Contracts.Users;

/// <summary>
/// Counts attempts to prove a password, for its share of all accounts, and spaces them out where many have failed. One
/// counter for the cluster, in memory alone: it is lost with its silo, and nobody is locked out by it. An account that
/// nobody registered is counted like any other.
/// </summary>
[Alias("eventflux.ISignInGuardGrain")]
public interface ISignInGuardGrain : IGrainWithIntegerKey
{
    /// <summary>How many shares there are; an account's is the first byte of its hash.</summary>
    const int Shares = 256;

    /// <summary>Asks for an attempt, which counts as failed until it is forgiven.</summary>
    /// <param name="account">A keyed hash of whose password it is.</param>
    /// <param name="network">A keyed hash of where the attempt comes from: each place has one turn at a time.</param>
    [Alias("Admit")]
    Task<SignInAdmission> AdmitAsync(Guid account, Guid network);

    /// <summary>The last attempt was right. Not waited for: one that gets lost leaves an attempt counted, no
    /// more.</summary>
    [Alias("Forgive"), OneWay]
    Task ForgiveAsync(Guid account);
}

/// <summary>When an attempt may be made.</summary>
/// <param name="Pause">To be waited before the password is checked.</param>
/// <param name="RetryAfter">When given, the attempt is refused: ask again after this.</param>
[GenerateSerializer, Immutable, Alias("eventflux.SignInAdmission")]
public sealed record SignInAdmission(
    [property: Id(0)] TimeSpan Pause,
    [property: Id(1)] TimeSpan? RetryAfter = null);
