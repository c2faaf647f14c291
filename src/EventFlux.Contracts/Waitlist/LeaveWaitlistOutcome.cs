namespace EventFlux.Contracts.Waitlist;

/// <summary>How <see cref="Events.IEventGrain.LeaveWaitlistAsync"/> ended.</summary>
public enum LeaveWaitlistOutcome
{
    /// <summary>The user's place, or open offer, is given up; offered tickets went to the next in line.</summary>
    Left = 0,

    /// <summary>No such event, or it was deleted.</summary>
    EventNotFound = 1,

    /// <summary>The user neither waits nor holds an open offer.</summary>
    EntryNotFound = 2,
}
