namespace EventFlux.Contracts.Waitlist;

/// <summary>Where a waitlist entry is in its life. All but the first two are final.</summary>
public enum WaitlistStatus
{
    /// <summary>In the queue.</summary>
    Waiting = 0,

    /// <summary>Holds an open offer.</summary>
    Notified = 1,

    /// <summary>The user booked: the offered tickets, or free ones while waiting.</summary>
    Converted = 2,

    /// <summary>The offer ended before the user booked.</summary>
    Expired = 3,

    /// <summary>The user left.</summary>
    Left = 4,

    /// <summary>The event was cancelled, completed or deleted.</summary>
    Closed = 5,
}
