using System.Collections.Immutable;
using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Seats;

/// <summary>The latest changes of one event's seats, version by version, in bounded memory: who asks for what is new
/// since a version that is too long ago needs everything instead. Not safe for concurrent use.</summary>
/// <param name="version">All changes after it are remembered.</param>
public sealed class SeatChangeLog(long version)
{
    /// <summary>Changes of seats that are remembered.</summary>
    private const int MaxChanges = 4096;

    private readonly Queue<(long Version, SeatChange Change)> _changes = [];
    private long _rememberedSince = version;

    /// <summary>Adds what a version has changed; versions rise.</summary>
    public void Add(long version, ImmutableArray<SeatChange> changes)
    {
        foreach (var change in changes) _changes.Enqueue((version, change));
        while (_changes.Count > MaxChanges) _rememberedSince = _changes.Dequeue().Version;
    }

    /// <summary>Forgets all up to that version: its seats are others than before.</summary>
    public void Restart(long version)
    {
        _changes.Clear();
        _rememberedSince = version;
    }

    /// <summary>Whether all changes after that version are remembered.</summary>
    public bool ReachesBackTo(long version) => version >= _rememberedSince;

    /// <summary>The changes after a version, by seat; of a seat that changed more than once the last state
    /// counts.</summary>
    public ImmutableArray<SeatChange> After(long version)
    {
        var changes = new Dictionary<int, SeatState>();
        foreach (var (at, change) in _changes)
            if (at > version)
                changes[change.Seat] = change.State;
        return
        [
            .. changes.Select(change => new SeatChange(change.Key, change.Value)).OrderBy(change => change.Seat),
        ];
    }
}
