using EventFlux.Contracts.Users;

namespace EventFlux.Grains.Users;

/// <summary>One share of the accounts. Lives longer than what it remembers counts.</summary>
[GrainType("sign-in-guard"), CollectionAgeLimit(Minutes = 20)]
internal sealed class SignInGuardGrain(TimeProvider time) : Grain, ISignInGuardGrain
{
    /// <summary>With all shares 256,000 accounts that were tried in vain within a quarter of an hour: more than the
    /// cluster can check passwords for.</summary>
    private const int MaxAccounts = 1_000;

    private readonly AttemptPacing _pacing = new(MaxAccounts);

    /// <inheritdoc/>
    public Task<SignInAdmission> AdmitAsync(Guid account, Guid network) =>
        Task.FromResult(_pacing.Admit(account, network, time.GetUtcNow()));

    /// <inheritdoc/>
    public Task ForgiveAsync(Guid account)
    {
        _pacing.Forgive(account);
        return Task.CompletedTask;
    }
}
