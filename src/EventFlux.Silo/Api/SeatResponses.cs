using System.Collections.Immutable;
using EventFlux.Contracts.Seats;

namespace EventFlux.Silo.Api;

/// <summary>A seat that somebody holds or has booked, with what it cost then.</summary>
/// <param name="Id">Unique in the event's plan: section, row and number.</param>
/// <param name="Section">The section's name.</param>
public sealed record SeatResponse(string Id, string Section, string Row, string Number, decimal Price)
{
    /// <summary>Null for tickets without seats.</summary>
    internal static IReadOnlyList<SeatResponse>? From(ImmutableArray<SeatTicket> seats) => seats.IsDefault
        ? null
        : [.. seats.Select(seat => new SeatResponse(seat.Id, seat.Section, seat.Row, seat.Number, seat.Price))];
}
