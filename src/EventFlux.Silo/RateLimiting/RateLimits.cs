using EventFlux.Contracts.RateLimiting;

namespace EventFlux.Silo.RateLimiting;

/// <summary>
/// Counts requests against limits that hold for the whole cluster. Safe for concurrent use; it never throws, and
/// waits at most some seconds, and that only where a silo hangs and its client has used its share.
/// </summary>
/// <remarks>
/// Each of n silos admits limit ÷ n requests of a key by itself, in memory. When that is used up it asks the key's
/// owner, one of the silos, which recalls what all have not used, and from then on hands out what is left in pieces
/// that grow smaller. So the total is exact, wherever the requests arrive; most keys are never asked about; and once
/// nothing is left each silo refuses by itself until the window ends. What a killed silo admitted is forgotten, as far
/// as no other heard of it.
/// </remarks>
public sealed class RateLimits
{
    /// <summary>Of asking: the owner, and the next when that one doesn't answer. Then this silo is the owner by
    /// itself.</summary>
    private const int MaxOwners = 2;

    private readonly PermitTables _tables;
    private readonly RateLimitPeers _peers;
    private readonly TimeProvider _time;
    private readonly OneAtATime<PermitAccount> _questions = new();
    private readonly PermitOwner _owner;

    internal RateLimits(RateLimitOptions options, RateLimitPeers peers, TimeProvider time)
    {
        (IsEnabled, _peers, _time, _tables) = (options.IsEnabled, peers, time, new(options));
        _owner = new(_tables, peers);
    }

    public bool IsEnabled { get; }

    /// <summary>Answers the questions of other silos.</summary>
    internal PermitOwner Owner => _owner;

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Counts one request of a key in a tier, and decides whether it may pass. A refused one doesn't count.
    /// </summary>
    public ValueTask<RateLimitDecision> CountAsync(RateLimitTier tier, RateLimitKey key)
    {
        if (!IsEnabled) return new(RateLimitDecision.Unlimited);

        var now = Now;
        var account = _tables.AccountOf(tier, key, now);
        var standing = Take(account);
        return standing.Verdict == PermitVerdict.MustAsk ? AskAsync(tier, key) : new(Decision(account, standing, now));
    }

    private PermitStanding Take(PermitAccount account)
    {
        var table = _tables.Of(account.Tier);
        var share = _peers.View.OwnShare(table.Limit, _tables.BeginningOf(account));
        return table.Take(account.Key, account.Window, share);
    }

    /// <summary>One request asks for all that wait. Each answer admits the one that asked, refuses everybody, or comes
    /// after the window, so this ends.</summary>
    private async ValueTask<RateLimitDecision> AskAsync(RateLimitTier tier, RateLimitKey key)
    {
        while (true)
        {
            var now = Now;
            var account = _tables.AccountOf(tier, key, now);
            var standing = Take(account);
            if (standing.Verdict == PermitVerdict.MustAsk)
                await _questions.RunOrWaitAsync(account, async () => standing = await AskOwnerAsync(account));
            if (standing.Verdict != PermitVerdict.MustAsk) return Decision(account, standing, now);
        }
    }

    private async Task<PermitStanding> AskOwnerAsync(PermitAccount account)
    {
        var table = _tables.Of(account.Tier);
        var self = _peers.View.Self;
        for (var attempt = 0; attempt <= MaxOwners; attempt++)
        {
            var owner = attempt < MaxOwners ? _peers.OwnerOf(account.Key) : self;
            var question = new PermitQuestion(account, self, table.Report(account.Key, account.Window));
            var grant = owner.Equals(self)
                ? await _owner.GrantAsync(question)
                : await _peers.TryAcquireAsync(
                    owner, question, grant => table.Deposit(account.Key, account.Window, grant.Permits));
            if (grant is null) continue;
            var standing = table.Receive(account.Key, account.Window, grant.Value);
            if (standing.Verdict != PermitVerdict.MustAsk) return standing;
        }

        var isOver = _tables.AccountOf(account.Tier, account.Key, Now) != account;
        var share = Math.Max(1, _peers.View.Share(table.Limit, _tables.BeginningOf(account)));
        return isOver ? new(PermitVerdict.MustAsk, 0) : table.TakeUnasked(account.Key, account.Window, share);
    }

    private RateLimitDecision Decision(PermitAccount account, PermitStanding standing, long now) => new(
        standing.Verdict == PermitVerdict.Admitted, _tables.Of(account.Tier).Limit, standing.Remaining,
        _tables.SecondsLeft(account, now));
}
