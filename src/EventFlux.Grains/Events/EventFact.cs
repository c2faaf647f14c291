using EventFlux.Contracts;
using EventFlux.Contracts.Events;
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
    int Quantity,
    decimal UnitPrice,
    string Currency,
    IdempotencyClaim? Claim,
    DateTimeOffset At)
    : EventFact(At);

/// <param name="Amount">What the booking had cost in all.</param>
internal sealed record BookingCancelled(Guid BookingId, Guid UserId, int Quantity, decimal Amount, DateTimeOffset At)
    : EventFact(At);

/// <param name="Sequence">The place in the order of joining.</param>
internal sealed record WaitlistJoined(
    Guid EntryId, Guid UserId, int Quantity, long Sequence, IdempotencyClaim? Claim, DateTimeOffset At)
    : EventFact(At);

/// <summary>Tickets are held for the first in line that they suffice for.</summary>
internal sealed record OfferMade(Guid EntryId, Guid UserId, int Quantity, DateTimeOffset ExpiresAt, DateTimeOffset At)
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
