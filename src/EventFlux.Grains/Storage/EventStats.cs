using EventFlux.Contracts.Events;

namespace EventFlux.Grains.Storage;

/// <summary>An event's counts of this moment beside the figures of all its days.</summary>
/// <param name="Currency">Of the amounts: the event's.</param>
/// <param name="Figures">Since the event was made; includes bookings that retention has removed since.</param>
public sealed record EventStats(
    Guid EventId,
    string Name,
    EventStatus Status,
    string Currency,
    int Capacity,
    int Available,
    int Booked,
    int Held,
    int Waiting,
    BookingFigures Figures)
{
    /// <summary>Booked ÷ capacity, in percent.</summary>
    public decimal Utilization => Percentage.Of(Booked, Capacity);
}
