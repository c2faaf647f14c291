using EventFlux.Contracts.Events;

namespace EventFlux.Grains.Storage;

/// <summary>An event in a ranking.</summary>
/// <param name="Booked">Tickets sold and not given back.</param>
public sealed record PopularEvent(
    Guid Id,
    string Name,
    string Venue,
    string? Category,
    DateTimeOffset EventDate,
    EventStatus Status,
    int Capacity,
    int Available,
    int Booked,
    decimal Price,
    string Currency)
{
    /// <summary>Booked ÷ capacity, in percent.</summary>
    public decimal Utilization => Percentage.Of(Booked, Capacity);
}
