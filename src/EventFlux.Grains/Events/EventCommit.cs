using EventFlux.Contracts.Events;

namespace EventFlux.Grains.Events;

/// <summary>What one commit writes: the facts of a batch in their order, and the state that they led to.</summary>
/// <param name="Version">The version that the batch builds on: the fence. 0 creates the event.</param>
/// <param name="State">The event right after the last of the facts.</param>
internal sealed record EventCommit(Guid EventId, long Version, EventState State, IReadOnlyList<EventFact> Facts);

/// <summary>An event's own row and its counters.</summary>
internal readonly record struct EventState(
    EventDetails Details, EventStatus Status, int Capacity, long DetailsVersion, EventCounts Counts);

/// <summary>Why a commit failed.</summary>
internal enum CommitFailure
{
    /// <summary>The event has moved on: another activation has written since. Nothing was changed.</summary>
    Fenced,

    /// <summary>PostgreSQL refused the commit, by a constraint for example. Nothing was changed.</summary>
    Rejected,

    /// <summary>The connection failed, before the commit or after it: the outcome is unknown.</summary>
    Unknown,
}

/// <summary>A commit that is not known to have happened.</summary>
internal sealed class CommitFailedException(CommitFailure failure, Exception innerException)
    : Exception($"The commit failed: {failure}.", innerException)
{
    public CommitFailure Failure { get; } = failure;
}
