namespace EventFlux.Contracts.Bookings;

/// <summary>Where a booking is in its life.</summary>
public enum BookingStatus
{
    /// <summary>The tickets are the user's.</summary>
    Confirmed = 0,

    /// <summary>Given back, or the event was called off. Final.</summary>
    Cancelled = 1,
}
