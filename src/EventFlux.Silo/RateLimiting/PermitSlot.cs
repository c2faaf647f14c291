using EventFlux.Contracts.RateLimiting;

namespace EventFlux.Silo.RateLimiting;

/// <summary>How a silo stands to an account, in the order in which forgetting it would do harm.</summary>
internal enum PermitState : byte
{
    /// <summary>It lives on its own share of the limit; nobody was asked.</summary>
    OnOwnShare,

    /// <summary>It has what the owner gave it.</summary>
    Granted,

    /// <summary>It is the owner and hands out what is left.</summary>
    Owner,

    /// <summary>Nothing is left until the window ends.</summary>
    Exhausted,
}

/// <summary>
/// One account on one silo: pure, and changed only under its table's lock. The rules hold every permit in one place:
/// over all silos, admitted + unused + in the owner's pool + on the way = limit, from the first recall on.
/// </summary>
internal struct PermitSlot
{
    public RateLimitKey Key;
    public long Window;
    private int _used;
    private int _granted;

    // What the owner has left; elsewhere, what was heard of it last. The whole limit when nothing was heard.
    private int _pool;
    private ushort _recalls;
    private PermitState _state;

    public PermitSlot(RateLimitKey key, long window, int limit, int? ownShare)
    {
        (Key, Window, _granted, _pool) = (key, window, ownShare ?? 0, limit);
        _state = ownShare is null ? PermitState.Granted : PermitState.OnOwnShare;
    }

    /// <summary>The slot with the least is dropped first when there is no room.</summary>
    public readonly long Weight => ((long)_state << 32) | (uint)_used;

    /// <summary>Counts one request, if that can be decided here.</summary>
    public PermitStanding Take(int limit)
    {
        if (_used < _granted) return Admit(limit);
        return new(_state == PermitState.Exhausted ? PermitVerdict.Refused : PermitVerdict.MustAsk, 0);
    }

    /// <summary>Counts one request though nobody can say what is left: by a silo's share of the limit.</summary>
    public PermitStanding TakeUnasked(int share, int limit) =>
        _used < share ? Admit(limit) : new(PermitVerdict.Refused, 0);

    /// <summary>What the owner is told with a question.</summary>
    public readonly PermitReport Report() => new(_used, 0, _pool);

    /// <summary>Takes in what the owner gave, and the first of it is used in the same breath: else two silos could
    /// recall a last permit from each other for ever.</summary>
    public PermitStanding Receive(PermitGrant grant, int limit)
    {
        switch (grant.Outcome)
        {
            case PermitOutcome.Granted:
                Deposit(grant.Permits);
                if (_state != PermitState.Owner) (_state, _pool) = (PermitState.Granted, grant.Pool);
                return Admit(limit);
            case PermitOutcome.Exhausted:
                (_state, _granted, _pool) = (PermitState.Exhausted, _used, 0);
                return new(PermitVerdict.Refused, 0);
            default:
                return new(PermitVerdict.MustAsk, 0);
        }
    }

    /// <summary>Takes in permits that nobody waits for any more; they would be lost for the whole window.</summary>
    public void Deposit(int permits) => _granted += permits;

    /// <summary>Another silo is the owner from now on. An owner's pool goes with the report.</summary>
    public PermitReport Surrender()
    {
        _recalls++;
        return GiveUp();
    }

    /// <summary>Hands out some of the pool: less with each question, so that little lies unused with those who asked.
    /// Null: it isn't known what is left.</summary>
    public PermitGrant? TryGrant(int silos)
    {
        if (_state == PermitState.Exhausted) return new(PermitOutcome.Exhausted, 0, 0);
        if (_state != PermitState.Owner || _pool == 0) return null;
        var permits = silos == 1 ? _pool : Math.Max(1, _pool / (2 * silos));
        _pool -= permits;
        return new(PermitOutcome.Granted, permits, _pool);
    }

    /// <summary>Becomes the owner, or stays it: gives up what it has itself, before the others are asked to.</summary>
    /// <returns>For <see cref="EndRecall"/>: its own report, and the mark that no other recall came between.</returns>
    public (PermitReport Own, ushort Mark) BeginRecall()
    {
        if (_state != PermitState.Owner) return (GiveUp(), _recalls);

        _pool += GiveUp().Returned;
        _state = PermitState.Owner;
        return (default, _recalls);
    }

    /// <summary>Counts together what is left.</summary>
    /// <param name="own">Of <see cref="BeginRecall"/>, as the mark.</param>
    /// <param name="reports">Of the others, the asker's too.</param>
    /// <param name="missing">Permits that silos may have used which couldn't be asked.</param>
    public void EndRecall(PermitReport own, ushort mark, IReadOnlyList<PermitReport> reports, int missing, int limit)
    {
        if (_recalls != mark || _state == PermitState.Exhausted) return;

        var returned = own.Returned + reports.Sum(report => report.Returned);
        if (_state == PermitState.Owner)
        {
            _pool += returned;
        }
        else
        {
            // By what was used, and by what an earlier owner had left: the lesser, since a silo that is gone counts in
            // the second alone, and permits on their way to a silo in the first.
            var unused = limit - _used - reports.Sum(report => report.Used) - missing;
            var left = reports.Select(report => report.Pool).Append(_pool).Min() + returned;
            _pool = Math.Clamp(Math.Min(unused, left), 0, limit);
        }

        _state = _pool > 0 ? PermitState.Owner : PermitState.Exhausted;
    }

    private PermitReport GiveUp()
    {
        var report = new PermitReport(_used, Math.Max(0, _granted - _used), _pool);
        _granted = _used;
        if (_state != PermitState.Exhausted) _state = PermitState.Granted;
        return report;
    }

    private PermitStanding Admit(int limit)
    {
        _used++;
        return new(PermitVerdict.Admitted, Math.Max(0, Math.Min(limit - _used, _pool + _granted - _used)));
    }
}
