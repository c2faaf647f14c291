using EventFlux.Contracts.RateLimiting;

namespace EventFlux.Silo.RateLimiting;

/// <summary>
/// The accounts of one tier on one silo, in a memory that never grows: slots of 40 bytes, taken from the system only as
/// they are touched, and without a reference that the collector would have to follow. A key has eight places where it
/// may be; when all are taken, an ended window goes first, then whoever harms least by being forgotten: the least count
/// among those that live on this silo's share. Safe for concurrent use: a lock guards a 256th of the keys and is held
/// for some nanoseconds.
/// </summary>
/// <param name="limit">Requests a window.</param>
/// <param name="accounts">How many are remembered, about: 262,144 of them are 10.5 MB.</param>
internal sealed class PermitTable(int limit, int accounts)
{
    private const int Ways = 8;
    private const int Locks = 256;

    private readonly int _sets = Math.Max(1, accounts / Ways);
    private readonly PermitSlot[] _slots = new PermitSlot[Math.Max(1, accounts / Ways) * Ways];
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];

    // Nobody outside can choose keys that meet in one set.
    private readonly ulong _seed = unchecked((ulong)Random.Shared.NextInt64());

    public int Limit => limit;

    /// <param name="ownShare">What this silo may admit without asking, when it sees the account for the first
    /// time.</param>
    public PermitStanding Take(RateLimitKey key, long window, int ownShare)
    {
        var set = SetOf(key);
        lock (_locks[set % Locks]) return Slot(set, key, window, ownShare).Take(limit);
    }

    public PermitStanding TakeUnasked(RateLimitKey key, long window, int share)
    {
        var set = SetOf(key);
        lock (_locks[set % Locks]) return Slot(set, key, window).TakeUnasked(share, limit);
    }

    public PermitReport Report(RateLimitKey key, long window)
    {
        var set = SetOf(key);
        lock (_locks[set % Locks]) return Slot(set, key, window).Report();
    }

    /// <summary>Permits of a window that is over are void.</summary>
    public PermitStanding Receive(RateLimitKey key, long window, PermitGrant grant)
    {
        var set = SetOf(key);
        lock (_locks[set % Locks])
        {
            ref var slot = ref Slot(set, key, window);
            return slot.Window == window ? slot.Receive(grant, limit) : new(PermitVerdict.MustAsk, 0);
        }
    }

    public void Deposit(RateLimitKey key, long window, int permits)
    {
        var set = SetOf(key);
        lock (_locks[set % Locks])
        {
            ref var slot = ref Slot(set, key, window);
            if (slot.Window == window) slot.Deposit(permits);
        }
    }

    public PermitReport Surrender(RateLimitKey key, long window)
    {
        var set = SetOf(key);
        lock (_locks[set % Locks]) return Slot(set, key, window).Surrender();
    }

    public PermitGrant? TryGrant(RateLimitKey key, long window, int silos)
    {
        var set = SetOf(key);
        lock (_locks[set % Locks]) return Slot(set, key, window).TryGrant(silos);
    }

    public (PermitReport Own, ushort Mark) BeginRecall(RateLimitKey key, long window)
    {
        var set = SetOf(key);
        lock (_locks[set % Locks]) return Slot(set, key, window).BeginRecall();
    }

    public void EndRecall(
        RateLimitKey key, long window, PermitReport own, ushort mark, IReadOnlyList<PermitReport> reports, int missing)
    {
        var set = SetOf(key);
        lock (_locks[set % Locks])
        {
            ref var slot = ref Slot(set, key, window);
            if (slot.Window == window) slot.EndRecall(own, mark, reports, missing, limit);
        }
    }

    /// <summary>The key's slot, made when there is none. A clock that is behind doesn't turn a slot back.</summary>
    private ref PermitSlot Slot(int set, RateLimitKey key, long window, int? ownShare = null)
    {
        var ways = _slots.AsSpan(set * Ways, Ways);
        foreach (ref var slot in ways)
        {
            if (slot.Key == key && slot.Window >= window) return ref slot;
        }

        var least = 0;
        for (var way = 1; way < Ways; way++)
        {
            if (Weight(ways[way]) < Weight(ways[least])) least = way;
        }

        ways[least] = new(key, window, limit, ownShare);
        return ref ways[least];

        // The key's own slot of an earlier window is the place to use, or there would be two.
        long Weight(in PermitSlot slot) => slot.Key == key ? -2 : slot.Window < window ? -1 : slot.Weight;
    }

    private int SetOf(RateLimitKey key)
    {
        var mixed = Mix64.Of(Mix64.Of(key.High ^ _seed) ^ key.Low);
        return (int)(mixed % (ulong)_sets);
    }
}
