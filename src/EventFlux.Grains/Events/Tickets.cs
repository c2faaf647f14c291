using System.Collections.Immutable;
using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Events;

/// <summary>What somebody holds or has booked, at the prices of that moment.</summary>
/// <param name="UnitPrice">Of one ticket; null where the seats differ.</param>
/// <param name="Amount">Of all of them.</param>
/// <param name="Seats">Default where the event has none.</param>
internal readonly record struct Tickets(
    int Quantity, decimal? UnitPrice, decimal Amount, ImmutableArray<SeatTicket> Seats)
{
    /// <summary>Tickets without seats.</summary>
    public static Tickets Of(int quantity, decimal unitPrice) =>
        new(quantity, unitPrice, quantity * unitPrice, default);

    /// <summary>A ticket for each seat.</summary>
    public static Tickets Of(ImmutableArray<SeatTicket> seats)
    {
        var price = seats[0].Price;
        var isUniform = seats.All(seat => seat.Price == price);
        return new(seats.Length, isUniform ? price : null, seats.Sum(seat => seat.Price), seats);
    }
}
