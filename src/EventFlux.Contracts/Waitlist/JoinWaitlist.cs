using System.Collections.Immutable;

namespace EventFlux.Contracts.Waitlist;

/// <summary>Queues for tickets of the event that the grain stands for.</summary>
/// <param name="Quantity">Tickets wanted together, 1 or more.</param>
/// <param name="EntryId">The id that the entry is to have, so that a caller whose call was lost on the way can look for
/// what came of it; a new one when left out.</param>
/// <param name="Sections">Codes of the sections that will do, at an event with seats; default for all.</param>
[GenerateSerializer, Immutable, Alias("eventflux.JoinWaitlist")]
public sealed record JoinWaitlist(
    [property: Id(0)] Guid UserId,
    [property: Id(1)] int Quantity,
    [property: Id(2)] IdempotencyClaim? Claim = null,
    [property: Id(3)] Guid EntryId = default,
    [property: Id(4)] ImmutableArray<string> Sections = default);

/// <summary>The answer to <see cref="JoinWaitlist"/>.</summary>
/// <param name="Entry">The new entry, with <see cref="JoinWaitlistOutcome.Joined"/>.</param>
/// <param name="ExistingBookingId">The user's booking, with <see cref="JoinWaitlistOutcome.DuplicateBooking"/>; the
/// user's hold, with <see cref="JoinWaitlistOutcome.HoldExists"/>.</param>
/// <param name="Sections">Those that the plan doesn't have, with <see
/// cref="JoinWaitlistOutcome.UnknownSections"/>.</param>
[GenerateSerializer, Immutable, Alias("eventflux.JoinWaitlistResult")]
public sealed record JoinWaitlistResult(
    [property: Id(0)] JoinWaitlistOutcome Outcome,
    [property: Id(1)] WaitlistEntrySnapshot? Entry = null,
    [property: Id(2)] Guid ExistingBookingId = default,
    [property: Id(3)] ImmutableArray<string> Sections = default);

/// <summary>A waitlist entry just joined.</summary>
/// <param name="Position">1 is next among the waiting.</param>
[GenerateSerializer, Immutable, Alias("eventflux.WaitlistEntrySnapshot")]
public sealed record WaitlistEntrySnapshot(
    [property: Id(0)] Guid Id,
    [property: Id(1)] Guid EventId,
    [property: Id(2)] string EventName,
    [property: Id(3)] DateTimeOffset EventDate,
    [property: Id(4)] Guid UserId,
    [property: Id(5)] int Quantity,
    [property: Id(6)] int Position,
    [property: Id(7)] DateTimeOffset JoinedAt,
    [property: Id(8)] ImmutableArray<string> Sections = default);

/// <summary>How <see cref="Events.IEventGrain.JoinWaitlistAsync"/> ended. Every refusal leaves nothing
/// behind.</summary>
public enum JoinWaitlistOutcome
{
    /// <summary>The place in the queue is in the database.</summary>
    Joined = 0,

    /// <summary>No such event, or it was deleted.</summary>
    EventNotFound = 1,

    /// <summary>The event is not active, or its date has come.</summary>
    EventNotBookable = 2,

    /// <summary>As many tickets are free as asked for: book them.</summary>
    TicketsStillAvailable = 3,

    /// <summary>The user waits, or holds an open offer, already; that entry is durable.</summary>
    AlreadyOnWaitlist = 4,

    /// <summary>The user holds a confirmed booking of this event, and that booking is durable.</summary>
    DuplicateBooking = 5,

    /// <summary>This key has just led to an entry, which is durable: look it up.</summary>
    KeyJustUsed = 6,

    /// <summary>The user has an open hold of this event: book or release it.</summary>
    HoldExists = 7,

    /// <summary>The event has no such sections, or no seats at all.</summary>
    UnknownSections = 8,
}
