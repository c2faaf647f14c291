using System.Collections.Immutable;
using EventFlux.Contracts.Seats;
using EventFlux.Grains.Seats;

namespace EventFlux.Grains.Events;

/// <summary>
/// What buyers may know of one event: what is durable, version by version, and what has changed lately. What readers
/// cost doesn't grow with the sale: one that is far behind gets everything instead of the way there. Owned by one grain
/// activation and used on its scheduler only.
/// </summary>
internal sealed class AvailabilityBoard
{
    private readonly SeatChangeLog _changes;
    private TaskCompletionSource _next = NewSource();
    private byte[] _states;
    private long _planVersion;
    private AvailabilityCounts _counts;

    /// <param name="states">Default where the event has no seats.</param>
    public AvailabilityBoard(long version, long planVersion, EventCounts counts, ImmutableArray<byte> states)
    {
        (Version, _planVersion, _changes) = (version, planVersion, new(version));
        (_counts, _states) = (CountsOf(counts), states.IsDefault ? [] : [.. states]);
    }

    /// <summary>Ends when something has changed, or nothing will any more.</summary>
    public Task Next => _next.Task;

    /// <summary>The version that readers with this one have seen all of.</summary>
    public long Version { get; private set; }

    /// <summary>Takes over what a commit has made durable.</summary>
    public void Publish(EventCommit commit)
    {
        (Version, _counts) = (commit.Version + 1, CountsOf(commit.State.Counts));
        if (!commit.SeatStates.IsDefault)
        {
            (_planVersion, _states) = (commit.State.PlanVersion, [.. commit.SeatStates]);
            _changes.Restart(Version);
        }
        else
        {
            foreach (var change in commit.SeatChanges) _states[change.Seat] = (byte)change.State;
            _changes.Add(Version, commit.SeatChanges);
        }

        var told = _next;
        _next = NewSource();
        told.TrySetResult();
    }

    /// <summary>Nothing comes any more: whoever waits should ask the next activation.</summary>
    public void Close() => _next.TrySetResult();

    /// <summary>What has changed since a version; everything where that is too long ago, or was never.</summary>
    public AvailabilityNews Since(long since) => _changes.ReachesBackTo(since) && since <= Version
        ? new(Version, since, _planVersion, _counts, default, _changes.After(since))
        : new(Version, -1, _planVersion, _counts, [.. _states], []);

    private static AvailabilityCounts CountsOf(EventCounts counts) =>
        new(counts.Available, counts.Booked, counts.Held, counts.Waiting);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
