using System.Collections.Immutable;
using EventFlux.Contracts.Seats;

namespace EventFlux.Contracts.Bookings;

/// <summary>A booking with what its event was called at the moment of the answer.</summary>
/// <param name="Reference">What a person reads out at the door: <c>EVT-</c> and 13 characters of Crockford base
/// 32.</param>
/// <param name="UnitPrice">What one ticket cost when it was booked or held, two decimals; null where the seats
/// differ.</param>
/// <param name="Amount">Of all tickets together; null where it follows from <paramref name="UnitPrice"/>, as from silos
/// of releases that knew no other.</param>
/// <param name="Seats">Default where the event has none.</param>
[GenerateSerializer, Immutable, Alias("eventflux.BookingSnapshot")]
public sealed record BookingSnapshot(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Reference,
    [property: Id(2)] Guid EventId,
    [property: Id(3)] string EventName,
    [property: Id(4)] string Venue,
    [property: Id(5)] DateTimeOffset EventDate,
    [property: Id(6)] Guid UserId,
    [property: Id(7)] int Quantity,
    [property: Id(8)] decimal? UnitPrice,
    [property: Id(9)] string Currency,
    [property: Id(10)] BookingStatus Status,
    [property: Id(11)] DateTimeOffset BookedAt,
    [property: Id(12)] DateTimeOffset? CancelledAt,
    [property: Id(13)] decimal? Amount = null,
    [property: Id(14)] ImmutableArray<SeatTicket> Seats = default)
{
    /// <summary>What all tickets of the booking cost together.</summary>
    public decimal TotalAmount => Amount ?? UnitPrice.GetValueOrDefault() * Quantity;
}
