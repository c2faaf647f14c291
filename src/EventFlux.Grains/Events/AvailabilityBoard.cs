using System.Collections.Immutable;
using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Events;

/// <summary>
/// What buyers may know of one event: what is durable, version by version, and what has changed lately. What readers
/// cost doesn't grow with the sale: one that is far behind gets everything instead of the way there. Owned by one grain
/// activation and used on its scheduler only.
/// </summary>
internal sealed class AvailabilityBoard
{
    /// <summary>Changes of seats that are remembered.</summary>
    private const int MaxChanges = 4096;

    private readonly Queue<(long Version, SeatChange Change)> _changes = [];
    private TaskCompletionSource _next = NewSource();
    private byte[] _states;
    private long _version;
    private long _planVersion;
    private AvailabilityCounts _counts;

    /// <summary>All changes after it are remembered.</summary>
    private long _rememberedSince;

    /// <param name="states">Default where the event has no seats.</param>
    public AvailabilityBoard(long version, long planVersion, EventCounts counts, ImmutableArray<byte> states)
    {
        (_version, _planVersion, _rememberedSince) = (version, planVersion, version);
        (_counts, _states) = (CountsOf(counts), states.IsDefault ? [] : [.. states]);
    }

    /// <summary>Ends when something has changed, or nothing will any more.</summary>
    public Task Next => _next.Task;

    /// <summary>The version that readers with this one have seen all of.</summary>
    public long Version => _version;

    /// <summary>Takes over what a commit has made durable.</summary>
    public void Publish(EventCommit commit)
    {
        (_version, _counts) = (commit.Version + 1, CountsOf(commit.State.Counts));
        if (!commit.SeatStates.IsDefault)
        {
            (_planVersion, _rememberedSince, _states) = (commit.State.PlanVersion, _version, [.. commit.SeatStates]);
            _changes.Clear();
        }
        else
        {
            foreach (var change in commit.SeatChanges)
            {
                _states[change.Seat] = (byte)change.State;
                _changes.Enqueue((_version, change));
            }

            while (_changes.Count > MaxChanges) _rememberedSince = _changes.Dequeue().Version;
        }

        var told = _next;
        _next = NewSource();
        told.TrySetResult();
    }

    /// <summary>Nothing comes any more: whoever waits should ask the next activation.</summary>
    public void Close() => _next.TrySetResult();

    /// <summary>What has changed since a version; everything where that is too long ago, or was never.</summary>
    public AvailabilityNews Since(long since)
    {
        if (since < _rememberedSince || since > _version)
            return new(_version, -1, _planVersion, _counts, [.. _states], []);

        // Of a seat that changed more than once the last state counts.
        var changes = new Dictionary<int, SeatState>();
        foreach (var (version, change) in _changes)
            if (version > since)
                changes[change.Seat] = change.State;
        return new(
            _version, since, _planVersion, _counts, default,
            [.. changes.Select(change => new SeatChange(change.Key, change.Value))]);
    }

    private static AvailabilityCounts CountsOf(EventCounts counts) =>
        new(counts.Available, counts.Booked, counts.Held, counts.Waiting);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
