using EventFlux.Contracts.Waitlist;
using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>A waitlist entry.</summary>
/// <param name="Position">1 is next among the waiting; null when not waiting.</param>
/// <param name="Sections">Codes of the sections that will do; null for all.</param>
public sealed record WaitlistEntryResponse(
    Guid Id,
    Guid EventId,
    string EventName,
    DateTimeOffset EventDate,
    Guid UserId,
    int Quantity,
    string Status,
    long? Position,
    DateTimeOffset JoinedAt,
    DateTimeOffset? NotifiedAt,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<string>? Sections)
{
    public static WaitlistEntryResponse From(WaitlistEntryRow entry) => new(
        entry.Id, entry.EventId, entry.EventName, entry.EventDate, entry.UserId, entry.Quantity, entry.Status.ToText(),
        entry.Position, entry.JoinedAt, entry.NotifiedAt, entry.ExpiresAt,
        entry.Sections.IsDefault ? null : entry.Sections);

    public static WaitlistEntryResponse From(WaitlistEntrySnapshot entry) => new(
        entry.Id, entry.EventId, entry.EventName, entry.EventDate, entry.UserId, entry.Quantity,
        WaitlistStatus.Waiting.ToText(), entry.Position, entry.JoinedAt, null, null,
        entry.Sections.IsDefault ? null : entry.Sections);
}

/// <summary>An open offer: book at most <paramref name="Quantity"/> tickets before
/// <paramref name="ExpiresAt"/>.</summary>
/// <param name="Id">The waitlist entry's.</param>
/// <param name="Seats">Those that it holds, side by side; null where the event has none.</param>
public sealed record OfferResponse(
    Guid Id,
    OfferedEventResponse Event,
    int Quantity,
    DateTimeOffset NotifiedAt,
    DateTimeOffset ExpiresAt,
    IReadOnlyList<SeatResponse>? Seats)
{
    public static OfferResponse From(OpenOfferRow offer) => new(
        offer.EntryId,
        new(offer.EventId, offer.EventName, offer.Venue, offer.EventDate, offer.Price, offer.Currency),
        offer.Quantity, offer.NotifiedAt, offer.ExpiresAt, SeatResponse.From(offer.Seats));
}

/// <summary>What the holder of an offer needs to know of the event.</summary>
public sealed record OfferedEventResponse(
    Guid Id, string Name, string Venue, DateTimeOffset EventDate, decimal Price, string Currency);
