using EventFlux.Contracts.Users;

namespace EventFlux.Grains.Users;

/// <summary>The answer to somebody who proves an account's password.</summary>
/// <param name="User">With <see cref="CredentialOutcome.Accepted"/>.</param>
/// <param name="RetryAfter">With <see cref="CredentialOutcome.TooManyFailures"/>.</param>
public sealed record CredentialResult(
    CredentialOutcome Outcome, UserProfile? User = null, TimeSpan RetryAfter = default);

/// <summary>How an attempt at a password ended.</summary>
public enum CredentialOutcome
{
    /// <summary>It is the right one, and what was asked for is done.</summary>
    Accepted = 0,

    /// <summary>It is the wrong one, or there is no such account.</summary>
    Wrong = 1,

    /// <summary>Not checked: many attempts have failed, and others have the next turns.</summary>
    TooManyFailures = 2,
}
