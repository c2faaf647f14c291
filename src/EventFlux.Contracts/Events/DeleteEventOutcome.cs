namespace EventFlux.Contracts.Events;

/// <summary>How <see cref="IEventGrain.DeleteAsync"/> ended.</summary>
public enum DeleteEventOutcome
{
    /// <summary>The event is gone for every reader; its waitlist is closed.</summary>
    Deleted = 0,

    /// <summary>No such event, or it was deleted before.</summary>
    EventNotFound = 1,

    /// <summary>Confirmed bookings exist; nothing was changed.</summary>
    EventHasBookings = 2,
}
