using System.Collections.Immutable;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Events;

/// <summary>What one commit writes: the facts of a batch in their order, and the state that they led to.</summary>
/// <param name="Version">The version that the batch builds on: the fence. 0 creates the event.</param>
/// <param name="State">The event right after the last of the facts.</param>
internal sealed record EventCommit(Guid EventId, long Version, EventState State, IReadOnlyList<EventFact> Facts)
{
    /// <summary>The seats that changed, with their states right after the last of the facts.</summary>
    public ImmutableArray<SeatChange> SeatChanges { get; init; } = [];

    /// <summary>All of them, where the plan changed; default where it didn't.</summary>
    public ImmutableArray<byte> SeatStates { get; init; }

    /// <summary>Whether it may be written in one transaction with those of other events. What changes the event itself
    /// is rare, and may be of any size.</summary>
    public bool CanShare => !Facts.Any(static fact =>
        fact is EventCreated or EventChanged or EventCancelled or EventCompleted or EventDeleted or WaitlistClosed
            or SeatPlanSet or SeatsBlocked);
}

/// <summary>An event's own row and its counters.</summary>
/// <param name="PlanVersion">The details' version that the seat plan came with; 0 without one.</param>
internal readonly record struct EventState(
    EventDetails Details, EventStatus Status, int Capacity, long DetailsVersion, EventCounts Counts,
    long PlanVersion = 0);

/// <summary>Why a commit failed.</summary>
internal enum CommitFailure
{
    /// <summary>The event has moved on: another activation has written since. Nothing was changed.</summary>
    Fenced,

    /// <summary>PostgreSQL refused the commit, by a constraint for example. Nothing was changed.</summary>
    Rejected,

    /// <summary>There was no connection, or the commit could not be put into statements. Nothing was changed.</summary>
    NotSent,

    /// <summary>The connection failed, before the commit or after it: the outcome is unknown.</summary>
    Unknown,
}

/// <summary>A commit that is not known to have happened.</summary>
internal sealed class CommitFailedException(CommitFailure failure, Exception innerException)
    : Exception($"The commit failed: {failure}.", innerException)
{
    public CommitFailure Failure { get; } = failure;
}
