using EventFlux.Contracts.Bookings;
using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>A booking, as its owner and admins see it.</summary>
/// <param name="UnitPrice">What one ticket cost when it was booked or held; null where the seats differ.</param>
/// <param name="Seats">Null where the event has none.</param>
public sealed record BookingResponse(
    Guid Id,
    string BookingReference,
    Guid EventId,
    string EventName,
    string Venue,
    DateTimeOffset EventDate,
    Guid UserId,
    int Quantity,
    decimal? UnitPrice,
    decimal TotalAmount,
    string Currency,
    string Status,
    DateTimeOffset BookedAt,
    DateTimeOffset? CancelledAt,
    IReadOnlyList<SeatResponse>? Seats)
{
    public static BookingResponse From(BookingSnapshot booking) => new(
        booking.Id, booking.Reference, booking.EventId, booking.EventName, booking.Venue, booking.EventDate,
        booking.UserId, booking.Quantity, booking.UnitPrice, booking.TotalAmount, booking.Currency,
        booking.Status.ToText(), booking.BookedAt, booking.CancelledAt, SeatResponse.From(booking.Seats));
}

/// <summary>What anyone who holds a booking's reference may see.</summary>
public sealed record BookingReferenceResponse(
    string BookingReference, string EventName, string Venue, DateTimeOffset EventDate, int Quantity, string Status)
{
    public static BookingReferenceResponse From(BookingSnapshot booking) => new(
        booking.Reference, booking.EventName, booking.Venue, booking.EventDate, booking.Quantity,
        booking.Status.ToText());
}
