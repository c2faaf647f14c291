using System.Collections.Immutable;
using EventFlux.Contracts.Seats;

namespace EventFlux.Contracts.Holds;

/// <summary>Sets tickets aside for a checkout.</summary>
/// <param name="Quantity">Tickets, 1 or more; as many as <paramref name="Choice"/> names seats.</param>
/// <param name="Choice">Which seats, where the event has any; null to leave it to the event.</param>
/// <param name="HoldId">The id that the hold is to have, so that a caller whose call was lost on the way can look for
/// what came of it; a new one when left out.</param>
[GenerateSerializer, Immutable, Alias("eventflux.HoldTickets")]
public sealed record HoldTickets(
    [property: Id(0)] Guid UserId,
    [property: Id(1)] int Quantity,
    [property: Id(2)] SeatChoice? Choice = null,
    [property: Id(3)] IdempotencyClaim? Claim = null,
    [property: Id(4)] Guid HoldId = default);

/// <summary>The answer to <see cref="HoldTickets"/> and to an extension.</summary>
/// <param name="Hold">The hold, with <see cref="HoldOutcome.Held"/>.</param>
/// <param name="AvailableTickets">What this user could hold now, with <see
/// cref="HoldOutcome.InsufficientAvailability"/>.</param>
/// <param name="ExistingId">The user's booking or open hold, with <see cref="HoldOutcome.DuplicateBooking"/> and <see
/// cref="HoldOutcome.HoldExists"/>.</param>
/// <param name="Seats">Those that stand in the way, with <see cref="HoldOutcome.SeatsUnavailable"/> and <see
/// cref="HoldOutcome.UnknownSeats"/>.</param>
[GenerateSerializer, Immutable, Alias("eventflux.HoldResult")]
public sealed record HoldResult(
    [property: Id(0)] HoldOutcome Outcome,
    [property: Id(1)] HoldSnapshot? Hold = null,
    [property: Id(2)] int AvailableTickets = 0,
    [property: Id(3)] Guid ExistingId = default,
    [property: Id(4)] ImmutableArray<string> Seats = default);

/// <summary>How a hold, or its extension, ended. Every refusal leaves nothing behind, no key either.</summary>
public enum HoldOutcome
{
    /// <summary>The hold is in the database.</summary>
    Held = 0,

    /// <summary>No such event, or it was deleted.</summary>
    EventNotFound = 1,

    /// <summary>The event is not on sale: a draft, cancelled, or its date has come.</summary>
    EventNotBookable = 2,

    /// <summary>Fewer tickets are free, or were offered to this user, than asked for; of seats: none that fit the
    /// wish.</summary>
    InsufficientAvailability = 3,

    /// <summary>The user holds a confirmed booking of this event, and that booking is durable.</summary>
    DuplicateBooking = 4,

    /// <summary>This key has just led to a hold, which is durable: look it up.</summary>
    KeyJustUsed = 5,

    /// <summary>The user has an open hold of this event: one at a time, so that nobody freezes a house.</summary>
    HoldExists = 6,

    /// <summary>Some of the named seats are not free.</summary>
    SeatsUnavailable = 7,

    /// <summary>The event has no such seats or sections, or none at all.</summary>
    UnknownSeats = 8,

    /// <summary>There is no such open hold of this user.</summary>
    HoldNotFound = 9,

    /// <summary>A hold can be extended once.</summary>
    AlreadyExtended = 10,
}

/// <summary>How <see cref="Events.IEventGrain.ReleaseHoldAsync"/> ended.</summary>
public enum ReleaseHoldOutcome
{
    /// <summary>The tickets are free again, or went to the waiting.</summary>
    Released = 0,

    /// <summary>No such event, or it was deleted.</summary>
    EventNotFound = 1,

    /// <summary>There is no such open hold of this user.</summary>
    HoldNotFound = 2,
}
