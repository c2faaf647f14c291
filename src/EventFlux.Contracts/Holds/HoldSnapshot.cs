using System.Collections.Immutable;
using EventFlux.Contracts.Seats;

namespace EventFlux.Contracts.Holds;

/// <summary>Tickets set aside for one user, at the prices of that moment.</summary>
/// <param name="UnitPrice">Of one ticket; null where the seats differ.</param>
/// <param name="TotalAmount">Of all of them, two decimals.</param>
/// <param name="Seats">Default where the event has none.</param>
/// <param name="ExpiresAt">From this instant on it holds nothing, whether or not a timer has run.</param>
/// <param name="IsExtended">Whether it was extended; it can be once.</param>
[GenerateSerializer, Immutable, Alias("eventflux.HoldSnapshot")]
public sealed record HoldSnapshot(
    [property: Id(0)] Guid Id,
    [property: Id(1)] Guid EventId,
    [property: Id(2)] Guid UserId,
    [property: Id(3)] int Quantity,
    [property: Id(4)] decimal? UnitPrice,
    [property: Id(5)] decimal TotalAmount,
    [property: Id(6)] string Currency,
    [property: Id(7)] ImmutableArray<SeatTicket> Seats,
    [property: Id(8)] HoldStatus Status,
    [property: Id(9)] DateTimeOffset HeldAt,
    [property: Id(10)] DateTimeOffset ExpiresAt,
    [property: Id(11)] bool IsExtended);

/// <summary>Where a hold is in its life. All but the first are final.</summary>
public enum HoldStatus
{
    Open = 0,

    /// <summary>Its tickets were booked.</summary>
    Booked = 1,

    /// <summary>The user gave it up.</summary>
    Released = 2,

    /// <summary>Its end came first.</summary>
    Expired = 3,

    /// <summary>The event was cancelled or deleted.</summary>
    Closed = 4,
}
