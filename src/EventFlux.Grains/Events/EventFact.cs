using System.Collections.Immutable;
using EventFlux.Contracts;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Holds;
using EventFlux.Contracts.Seats;
using EventFlux.Contracts.Waitlist;
using EventFlux.Grains.Audit;

namespace EventFlux.Grains.Events;

/// <summary>Something that happened to an event. Facts are what <see cref="EventInventory"/> decides, what changes its
/// state, and what a commit writes; nothing else does any of the three.</summary>
/// <param name="At">When it was decided (UTC).</param>
internal abstract record EventFact(DateTimeOffset At);

internal sealed record EventCreated(
    EventDetails Details, int Capacity, EventStatus Status, Guid CreatedBy, string CreatedByName, DateTimeOffset At)
    : EventFact(At);

/// <param name="Status">Draft or active; an event's ends are facts of their own.</param>
internal sealed record EventChanged(EventDetails Details, int Capacity, EventStatus Status, DateTimeOffset At)
    : EventFact(At);

/// <summary>The event was called off, and every confirmed booking was cancelled with it.</summary>
/// <param name="Bookings">How many those were.</param>
internal sealed record EventCancelled(int Bookings, DateTimeOffset At) : EventFact(At);

internal sealed record EventCompleted(DateTimeOffset At) : EventFact(At);

internal sealed record EventDeleted(DateTimeOffset At) : EventFact(At);

internal sealed record BookingConfirmed(
    Guid BookingId,
    string Reference,
    Guid UserId,
    Tickets Tickets,
    string Currency,
    IdempotencyClaim? Claim,
    DateTimeOffset At)
    : EventFact(At)
{
    public int Quantity => Tickets.Quantity;
}

/// <param name="Amount">What the booking had cost in all.</param>
/// <param name="Seats">Ids of the seats that are free again; default where the event has none.</param>
internal sealed record BookingCancelled(
    Guid BookingId, Guid UserId, int Quantity, decimal Amount, ImmutableArray<string> Seats, DateTimeOffset At)
    : EventFact(At);

/// <param name="Sequence">The place in the order of joining.</param>
/// <param name="Sections">Codes of the sections that will do; default for all.</param>
internal sealed record WaitlistJoined(
    Guid EntryId,
    Guid UserId,
    int Quantity,
    ImmutableArray<string> Sections,
    long Sequence,
    IdempotencyClaim? Claim,
    DateTimeOffset At)
    : EventFact(At);

/// <summary>Tickets are held for the first in line that they suffice for.</summary>
/// <param name="Seats">Side by side; default where the event has none.</param>
internal sealed record OfferMade(
    Guid EntryId,
    Guid UserId,
    int Quantity,
    ImmutableArray<SeatTicket> Seats,
    DateTimeOffset ExpiresAt,
    DateTimeOffset At)
    : EventFact(At);

/// <param name="Status">Converted, expired or left.</param>
/// <param name="HeldOffer">Whether it held an offer, and wasn't waiting.</param>
internal sealed record WaitlistEntryEnded(
    Guid EntryId, Guid UserId, int Quantity, WaitlistStatus Status, bool HeldOffer, DateTimeOffset At)
    : EventFact(At);

/// <summary>Somebody changed the event itself, or somebody else's booking. Changes nothing: it stands beside the facts
/// that do, for the audit log.</summary>
/// <param name="By">Null where nobody has said.</param>
/// <param name="Before">The event's terms; null when it had none, or they are not what was changed.</param>
internal sealed record ActionNoted(
    AuditAction Action, Actor? By, Guid? BookingId, EventTerms? Before, EventTerms? After, DateTimeOffset At)
    : EventFact(At);

/// <summary>Every open entry ended with the event.</summary>
internal sealed record WaitlistClosed(DateTimeOffset At) : EventFact(At);

/// <summary>Tickets are set aside for a checkout.</summary>
internal sealed record TicketsHeld(
    Guid HoldId,
    Guid UserId,
    Tickets Tickets,
    string Currency,
    DateTimeOffset ExpiresAt,
    IdempotencyClaim? Claim,
    DateTimeOffset At)
    : EventFact(At);

internal sealed record HoldExtended(Guid HoldId, Guid UserId, DateTimeOffset ExpiresAt, DateTimeOffset At)
    : EventFact(At);

/// <param name="Status">Anything but open.</param>
internal sealed record HoldEnded(Guid HoldId, Guid UserId, int Quantity, HoldStatus Status, DateTimeOffset At)
    : EventFact(At);

/// <summary>The event has a seat plan now, or another one than before.</summary>
/// <param name="Details">With the price that follows from it.</param>
/// <param name="Capacity">The seats that are not blocked.</param>
/// <param name="Unblocked">Ids of blocked seats that the plan no longer has.</param>
internal sealed record SeatPlanSet(
    SeatPlan Plan, EventDetails Details, int Capacity, ImmutableArray<string> Unblocked, DateTimeOffset At)
    : EventFact(At);

/// <param name="Reason">Null: the seats are back in the sale.</param>
/// <param name="Capacity">The seats that are not blocked then.</param>
internal sealed record SeatsBlocked(ImmutableArray<string> Seats, string? Reason, int Capacity, DateTimeOffset At)
    : EventFact(At);
