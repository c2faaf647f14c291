using System.Collections.Immutable;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Seats;

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
    long LastSequence)
{
    public IReadOnlyList<TicketHold> Holds { get; init; } = [];

    /// <summary>Null for general admission.</summary>
    public StoredSeats? Seats { get; init; }
}

/// <summary>The seats of an event, as far as its bookings and blocks go.</summary>
/// <param name="PlanVersion">The details' version that the plan came with.</param>
/// <param name="Booked">Seat by seat, with its booking.</param>
/// <param name="Blocked">The reasons by the seats' ids.</param>
internal sealed record StoredSeats(
    SeatPlan Plan,
    long PlanVersion,
    IReadOnlyList<(string SeatId, Guid BookingId)> Booked,
    IReadOnlyDictionary<string, string> Blocked);

/// <summary>A confirmed booking, as far as deciding needs it.</summary>
internal readonly record struct StoredBooking(Guid UserId, Guid BookingId, int Quantity);

/// <summary>An open waitlist entry.</summary>
/// <param name="ExpiresAt">When its offer ends; null while it waits.</param>
/// <param name="Sections">Codes of the sections that will do; default for all.</param>
/// <param name="Seats">What its offer holds; default where the event has no seats.</param>
internal readonly record struct StoredWaitlistEntry(
    Guid Id,
    Guid UserId,
    int Quantity,
    long Sequence,
    DateTimeOffset? ExpiresAt,
    ImmutableArray<string> Sections = default,
    ImmutableArray<SeatTicket> Seats = default);

/// <summary>Where an event's tickets are. <c>Available + Booked + Held</c> is the capacity, always.</summary>
/// <param name="Held">Set aside for open offers and holds.</param>
/// <param name="Waiting">Entries in the queue, not tickets.</param>
internal readonly record struct EventCounts(int Available, int Booked, int Held, int Waiting);
