using System.Collections.Immutable;
using EventFlux.Contracts;
using EventFlux.Contracts.Holds;
using EventFlux.Contracts.Seats;
using EventFlux.Contracts.Waitlist;
using EventFlux.Grains.Events;

namespace EventFlux.Grains.Storage;

internal sealed class BookingRow(Guid eventId, BookingConfirmed fact)
{
    public Guid EventId { get; } = eventId;

    public BookingConfirmed Fact { get; } = fact;

    public DateTimeOffset? CancelledAt { get; set; }
}

internal sealed class EntryRow(Guid eventId, Guid id)
{
    public Guid EventId { get; } = eventId;

    public Guid Id { get; } = id;

    /// <summary>How it joined, when that was in the same batch.</summary>
    public WaitlistJoined? Joined { get; init; }

    public WaitlistStatus Status { get; private set; } = WaitlistStatus.Waiting;

    /// <summary>When the offer was made; null when none was in this batch.</summary>
    public DateTimeOffset? NotifiedAt { get; private set; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>What the offer holds; default when none was made in this batch, or the event has no seats.</summary>
    public ImmutableArray<SeatTicket> Seats { get; private set; }

    public void Offer(OfferMade fact) =>
        (Status, NotifiedAt, ExpiresAt, Seats) = (WaitlistStatus.Notified, fact.At, fact.ExpiresAt, fact.Seats);

    public void End(WaitlistEntryEnded fact) => (Status, EndedAt) = (fact.Status, fact.At);
}

internal sealed class HoldRow(Guid eventId, Guid id)
{
    public Guid EventId { get; } = eventId;

    public Guid Id { get; } = id;

    /// <summary>How it began, when that was in the same batch.</summary>
    public TicketsHeld? Begun { get; init; }

    public HoldStatus Status { get; private set; }

    /// <summary>Its end, when that was set in this batch.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public bool IsExtended { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public void Extend(HoldExtended fact) => (ExpiresAt, IsExtended) = (fact.ExpiresAt, true);

    public void End(HoldEnded fact) => (Status, EndedAt) = (fact.Status, fact.At);
}

internal sealed class DayRow(Guid eventId, DateOnly day)
{
    public Guid EventId { get; } = eventId;

    public DateOnly Day { get; } = day;

    public int Bookings { get; set; }

    public int Tickets { get; set; }

    public decimal Revenue { get; set; }

    public int Cancellations { get; set; }

    public decimal Refunded { get; set; }

    public int WaitlistJoins { get; set; }

    public int Offers { get; set; }

    public int Conversions { get; set; }
}

internal sealed record KeyRow(
    Guid UserId, string Scope, IdempotencyClaim Claim, Guid ResourceId, DateTimeOffset CreatedAt);

/// <param name="SubjectId">The booking, entry or hold, or the event itself.</param>
internal sealed record OutboxRow(
    Guid EventId, string Kind, Guid SubjectId, Guid? UserId, int? Quantity, DateTimeOffset OccurredAt);

/// <param name="SubjectId">The booking, or the event itself.</param>
internal sealed record ActionRow(Guid SubjectId, ActionNoted Noted);
