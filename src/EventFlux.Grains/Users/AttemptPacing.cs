using EventFlux.Contracts.Users;

namespace EventFlux.Grains.Users;

/// <summary>
/// Spaces out the attempts at an account's password once many have failed, and never shuts the account: there is always
/// a next turn, a few seconds away, and no network can take more than one of them at a time. Pure: without a clock or
/// I/O. Not safe for concurrent use.
/// </summary>
/// <param name="capacity">Accounts remembered at most; past it the one that was tried longest ago is forgotten.</param>
internal sealed class AttemptPacing(int capacity)
{
    public const int FreeAttempts = 10;

    /// <summary>Of further failures, until the pause doubles.</summary>
    public const int AttemptsPerStep = 5;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(0.5);
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    /// <summary>Two of the longest pauses: who comes while a turn is under way and another one is taken gets the
    /// next.</summary>
    public static readonly TimeSpan LongestWait = 2 * LongestPause;

    /// <summary>More make no difference: the pause is at its longest.</summary>
    private const int MaxAttempts = FreeAttempts + (3 * AttemptsPerStep);

    private readonly Dictionary<Guid, Account> _accounts = [];

    public int Count => _accounts.Count;

    /// <inheritdoc cref="ISignInGuardGrain.AdmitAsync"/>
    public SignInAdmission Admit(Guid account, Guid network, DateTimeOffset now)
    {
        var tried = Find(account, now);
        var pause = PauseAfter(tried.Attempts.Count);
        if (pause == TimeSpan.Zero) return Count(TimeSpan.Zero);

        var turn = tried.NextTurn > now ? tried.NextTurn : now;
        var own = tried.Turns.Find(taken => taken.Network == network);
        if (own.At > now) return new(TimeSpan.Zero, own.At - now);
        if (turn - now > LongestWait) return new(TimeSpan.Zero, turn - now - LongestWait);

        tried.Turns.Add((network, turn));
        tried.NextTurn = turn + pause;
        return Count(turn - now);

        SignInAdmission Count(TimeSpan wait)
        {
            if (tried.Attempts.Count == MaxAttempts) tried.Attempts.RemoveAt(0);
            tried.Attempts.Add(now);
            return new(wait);
        }
    }

    /// <inheritdoc cref="ISignInGuardGrain.ForgiveAsync"/>
    public void Forgive(Guid account)
    {
        if (!_accounts.TryGetValue(account, out var tried)) return;
        if (tried.Attempts.Count > 0) tried.Attempts.RemoveAt(tried.Attempts.Count - 1);
        if (tried.Attempts.Count == 0) _accounts.Remove(account);
    }

    private static TimeSpan PauseAfter(int attempts) => attempts < FreeAttempts
        ? TimeSpan.Zero
        : TimeSpan.FromTicks(Math.Min(
            LongestPause.Ticks, ShortestPause.Ticks << ((attempts - FreeAttempts) / AttemptsPerStep)));

    private Account Find(Guid account, DateTimeOffset now)
    {
        if (!_accounts.TryGetValue(account, out var tried))
        {
            if (_accounts.Count >= capacity) MakeRoom(now);
            _accounts.Add(account, tried = new());
        }

        // Refused attempts count here, or an account under attack could be driven out by trying others.
        tried.LastSeen = now;
        tried.Attempts.RemoveAll(at => at <= now - Window);
        tried.Turns.RemoveAll(taken => taken.At <= now);
        return tried;
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (account, tried) in _accounts)
            if (tried.LastSeen <= now - Window) _accounts.Remove(account);
        if (_accounts.Count >= capacity) _accounts.Remove(_accounts.MinBy(entry => entry.Value.LastSeen).Key);
    }

    private sealed class Account
    {
        public List<DateTimeOffset> Attempts { get; } = [];

        /// <summary>To come, and whose they are.</summary>
        public List<(Guid Network, DateTimeOffset At)> Turns { get; } = [];

        public DateTimeOffset NextTurn { get; set; }

        public DateTimeOffset LastSeen { get; set; }
    }
}
