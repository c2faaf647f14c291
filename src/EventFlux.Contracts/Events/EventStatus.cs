namespace EventFlux.Contracts.Events;

/// <summary>Where an event is in its life. <see cref="Cancelled"/> and <see cref="Completed"/> are final.</summary>
public enum EventStatus
{
    /// <summary>Prepared by its creator, not on sale; seen by creator and admins alone.</summary>
    Draft = 0,

    /// <summary>Public. On sale until its date.</summary>
    Active = 1,

    /// <summary>Called off: its bookings are cancelled and its waitlist is closed.</summary>
    Cancelled = 2,

    /// <summary>Its date has passed.</summary>
    Completed = 3,
}
