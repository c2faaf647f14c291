using EventFlux.Contracts.Events;

namespace EventFlux.Grains.Events;

/// <summary>What the database holds of an event that deciding needs; read as one snapshot.</summary>
/// <param name="Version">The fence: how many commits the event has had.</param>
/// <param name="WasBooked">Whether anything was ever booked, also when it is cancelled or removed by now.</param>
/// <param name="LastSequence">The highest place ever given in the order of joining; 0 when nobody has joined.</param>
internal sealed record StoredEvent(
    EventDetails Details,
    EventStatus Status,
    int Capacity,
    long DetailsVersion,
    bool IsDeleted,
    long Version,
    EventCounts Counts,
    bool WasBooked,
    IReadOnlyList<StoredBooking> Bookings,
    IReadOnlyList<StoredWaitlistEntry> Waitlist,
    long LastSequence);

/// <summary>A confirmed booking, as far as deciding needs it.</summary>
internal readonly record struct StoredBooking(Guid UserId, Guid BookingId, int Quantity);

/// <summary>An open waitlist entry.</summary>
/// <param name="ExpiresAt">When its offer ends; null while it waits.</param>
internal readonly record struct StoredWaitlistEntry(
    Guid Id, Guid UserId, int Quantity, long Sequence, DateTimeOffset? ExpiresAt);

/// <summary>Where an event's tickets are. <c>Available + Booked + Held</c> is the capacity, always.</summary>
/// <param name="Held">Set aside for open offers.</param>
/// <param name="Waiting">Entries in the queue, not tickets.</param>
internal readonly record struct EventCounts(int Available, int Booked, int Held, int Waiting);
