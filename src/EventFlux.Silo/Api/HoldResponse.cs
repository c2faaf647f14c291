using EventFlux.Contracts.Holds;
using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>Tickets set aside for a checkout.</summary>
/// <param name="UnitPrice">Null where the seats differ.</param>
/// <param name="TotalAmount">What booking it costs: prices are those of the moment it was made.</param>
/// <param name="Seats">Null where the event has none.</param>
/// <param name="Status">open, booked, released, expired or closed (with the event).</param>
/// <param name="ExpiresAt">From this instant on it holds nothing.</param>
/// <param name="CanExtend">Whether it is open and was never extended.</param>
public sealed record HoldResponse(
    Guid Id,
    Guid EventId,
    Guid UserId,
    int Quantity,
    decimal? UnitPrice,
    decimal TotalAmount,
    string Currency,
    IReadOnlyList<SeatResponse>? Seats,
    string Status,
    DateTimeOffset HeldAt,
    DateTimeOffset ExpiresAt,
    bool CanExtend)
{
    public static HoldResponse From(HoldSnapshot hold) => new(
        hold.Id, hold.EventId, hold.UserId, hold.Quantity, hold.UnitPrice, hold.TotalAmount, hold.Currency,
        SeatResponse.From(hold.Seats), hold.Status.ToText(), hold.HeldAt, hold.ExpiresAt,
        hold is { Status: HoldStatus.Open, IsExtended: false });
}
