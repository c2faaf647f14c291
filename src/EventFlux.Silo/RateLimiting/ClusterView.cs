using System.Collections.Immutable;
using EventFlux.Contracts.RateLimiting;

namespace EventFlux.Silo.RateLimiting;

/// <summary>
/// Which silos share the limits, as one of them sees it: immutable and pure. Each may admit limit ÷ silos of a window
/// without asking, so their number must be one that all could know before the window began.
/// </summary>
internal sealed class ClusterView
{
    /// <summary>Longer than it takes until every silo has heard of a new one, by gossip or from the table.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    /// <summary>Changes that are remembered; a cluster that changes more often in one window is not at rest.</summary>
    private const int MaxChanges = 16;

    private readonly ImmutableArray<(long Time, int SilosBefore)> _changes;
    private readonly long? _sharesFrom;

    private ClusterView(
        SiloAddress self, ImmutableArray<SiloAddress> silos, long? sharesFrom, ImmutableArray<(long, int)> changes) =>
        (Self, Silos, _sharesFrom, _changes) = (self, silos, sharesFrom, changes);

    public SiloAddress Self { get; }

    /// <summary>The active silos, this one always among them.</summary>
    public ImmutableArray<SiloAddress> Silos { get; }

    /// <summary>Before anything is known: it may admit nothing without asking, and asks itself.</summary>
    public static ClusterView Unknown(SiloAddress self) => new(self, [self], null, []);

    /// <summary>The view after a look at the membership.</summary>
    /// <param name="active">Those that are active.</param>
    /// <param name="now">Milliseconds since the epoch.</param>
    public ClusterView Seeing(IEnumerable<SiloAddress> active, long now)
    {
        ImmutableArray<SiloAddress> silos = [.. active.Append(Self).Distinct()];
        // The first of a cluster has all of a window that runs already; one that joins has none of it.
        if (_sharesFrom is null)
            return new(Self, silos, silos.Length == 1 ? 0 : now + (long)Settling.TotalMilliseconds, []);
        return silos.Length == Silos.Length
            ? new(Self, silos, _sharesFrom, _changes)
            : new(Self, silos, _sharesFrom, [.. _changes.TakeLast(MaxChanges - 1), (now, Silos.Length)]);
    }

    /// <summary>What this silo may admit of a window without asking.</summary>
    /// <param name="since">The window's beginning.</param>
    public int OwnShare(int limit, long since) => since >= (_sharesFrom ?? long.MaxValue) ? Share(limit, since) : 0;

    /// <summary>What any silo may admit at most without asking, by this one's knowledge.</summary>
    public int Share(int limit, long since)
    {
        var most = Silos.Length;
        foreach (var (time, before) in _changes)
        {
            if (time > since) most = Math.Max(most, before);
        }

        return limit / most;
    }

    /// <summary>The silo that hands out a key's permits, by rendezvous hashing: the same for all who see the same
    /// silos, and only the keys of a silo that goes move.</summary>
    /// <param name="isOut">Silos to do without; never this one.</param>
    public SiloAddress OwnerOf(RateLimitKey key, Func<SiloAddress, bool> isOut)
    {
        var hash = Mix64.Of(Mix64.Of(key.High) ^ key.Low);
        return Silos.Where(silo => silo.Equals(Self) || !isOut(silo))
            .MaxBy(silo => (Mix64.Of(hash ^ unchecked((uint)silo.GetConsistentHashCode())), silo.ToParsableString()))!;
    }
}
