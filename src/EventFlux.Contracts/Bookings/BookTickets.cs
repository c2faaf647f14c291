using System.Collections.Immutable;

namespace EventFlux.Contracts.Bookings;

/// <summary>Buys tickets of the event that the grain stands for.</summary>
/// <param name="Quantity">Tickets, 1 or more; of a hold, all that it holds, whatever this says.</param>
/// <param name="BookingId">The id that the booking is to have, so that a caller whose call was lost on the way can look
/// for what came of it; a new one when left out.</param>
/// <param name="SeatIds">Exactly these seats; default where the event has none, or is to choose the best.</param>
/// <param name="HoldId">The user's hold whose tickets they are to be; default to book what is free.</param>
[GenerateSerializer, Immutable, Alias("eventflux.BookTickets")]
public sealed record BookTickets(
    [property: Id(0)] Guid UserId,
    [property: Id(1)] int Quantity,
    [property: Id(2)] IdempotencyClaim? Claim = null,
    [property: Id(3)] Guid BookingId = default,
    [property: Id(4)] ImmutableArray<string> SeatIds = default,
    [property: Id(5)] Guid HoldId = default);

/// <summary>The answer to <see cref="BookTickets"/>.</summary>
/// <param name="Booking">The new booking, with <see cref="BookOutcome.Confirmed"/>.</param>
/// <param name="AvailableTickets">What this user could book now, with <see
/// cref="BookOutcome.InsufficientAvailability"/>.</param>
/// <param name="ExistingBookingId">The user's booking, with <see cref="BookOutcome.DuplicateBooking"/>; the user's
/// hold, with <see cref="BookOutcome.HoldExists"/>.</param>
/// <param name="Seats">Those that stand in the way, with <see cref="BookOutcome.SeatsUnavailable"/> and <see
/// cref="BookOutcome.UnknownSeats"/>.</param>
[GenerateSerializer, Immutable, Alias("eventflux.BookResult")]
public sealed record BookResult(
    [property: Id(0)] BookOutcome Outcome,
    [property: Id(1)] BookingSnapshot? Booking = null,
    [property: Id(2)] int AvailableTickets = 0,
    [property: Id(3)] Guid ExistingBookingId = default,
    [property: Id(4)] ImmutableArray<string> Seats = default);

/// <summary>How <see cref="Events.IEventGrain.BookAsync"/> ended. Every refusal leaves nothing behind, no key
/// either.</summary>
public enum BookOutcome
{
    /// <summary>The booking is in the database.</summary>
    Confirmed = 0,

    /// <summary>No such event, or it was deleted.</summary>
    EventNotFound = 1,

    /// <summary>The event is not on sale: a draft, cancelled, or its date has come.</summary>
    EventNotBookable = 2,

    /// <summary>Fewer tickets are free, or were offered to this user, than asked for.</summary>
    InsufficientAvailability = 3,

    /// <summary>The user holds a confirmed booking of this event, and that booking is durable.</summary>
    DuplicateBooking = 4,

    /// <summary>This key has just led to a booking, which is durable: look it up.</summary>
    KeyJustUsed = 5,

    /// <summary>The user has an open hold of this event: book that, or release it.</summary>
    HoldExists = 6,

    /// <summary>Some of the named seats are not free.</summary>
    SeatsUnavailable = 7,

    /// <summary>The event has no such seats, or none at all.</summary>
    UnknownSeats = 8,

    /// <summary>There is no such open hold of this user.</summary>
    HoldNotFound = 9,
}
