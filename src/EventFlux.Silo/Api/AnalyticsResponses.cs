using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>An event's counts now, and the figures of all its days.</summary>
/// <param name="Booked">Tickets sold and not given back.</param>
/// <param name="Held">Tickets set aside for open offers.</param>
/// <param name="UtilizationPercentage">Booked ÷ capacity.</param>
/// <param name="Bookings">Ever made.</param>
/// <param name="CancellationRate">Cancelled ÷ all bookings, in percent.</param>
/// <param name="Revenue">What the confirmed bookings have cost.</param>
/// <param name="Refunded">What the cancelled ones had cost.</param>
/// <param name="WaitlistJoins">Places ever taken in the queue.</param>
/// <param name="Offers">Ever made to those who waited.</param>
/// <param name="Conversions">Places that ended in a booking.</param>
public sealed record EventStatsResponse(
    Guid EventId,
    string EventName,
    string Status,
    int Capacity,
    int Booked,
    int Held,
    int Available,
    decimal UtilizationPercentage,
    long Bookings,
    long Cancellations,
    decimal CancellationRate,
    string Currency,
    decimal Revenue,
    decimal Refunded,
    int WaitlistLength,
    long WaitlistJoins,
    long Offers,
    long Conversions)
{
    public static EventStatsResponse From(EventStats stats)
    {
        var figures = stats.Figures;
        return new(
            stats.EventId, stats.Name, stats.Status.ToText(), stats.Capacity, stats.Booked, stats.Held, stats.Available,
            stats.Utilization, figures.Bookings, figures.Cancellations, figures.CancellationRate, stats.Currency,
            figures.NetRevenue, figures.Refunded, stats.Waiting, figures.WaitlistJoins, figures.Offers,
            figures.Conversions);
    }
}

/// <summary>An event in a ranking.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="BookedTickets">Sold and not given back.</param>
/// <param name="UtilizationPercentage">Booked ÷ capacity.</param>
public sealed record RankedEventResponse(
    int Rank,
    Guid Id,
    string Name,
    string Venue,
    string? Category,
    DateTimeOffset EventDate,
    string Status,
    int Capacity,
    int AvailableTickets,
    int BookedTickets,
    decimal UtilizationPercentage,
    decimal Price,
    string Currency)
{
    /// <summary>In the order given.</summary>
    public static IReadOnlyList<RankedEventResponse> From(IReadOnlyList<PopularEvent> events) =>
    [
        .. events.Select((one, place) => new RankedEventResponse(
            place + 1, one.Id, one.Name, one.Venue, one.Category, one.EventDate, one.Status.ToText(), one.Capacity,
            one.Available, one.Booked, one.Utilization, one.Price, one.Currency)),
    ];
}

/// <summary>A ranking of events, the first in front.</summary>
public sealed record RankingResponse(IReadOnlyList<RankedEventResponse> Items);

/// <summary>The figures of one UTC day.</summary>
/// <param name="Bookings">Made that day, whatever became of them.</param>
/// <param name="Tickets">Of those bookings.</param>
/// <param name="Revenue">What those bookings cost.</param>
/// <param name="Cancellations">Made that day, of whatever day's bookings.</param>
/// <param name="Refunded">What the bookings cancelled that day had cost.</param>
/// <param name="WaitlistJoins">Places taken in queues.</param>
/// <param name="Offers">Made to those who waited.</param>
/// <param name="Conversions">Places that ended in a booking.</param>
public sealed record DayResponse(
    DateOnly Date,
    long Bookings,
    long Tickets,
    decimal Revenue,
    long Cancellations,
    decimal Refunded,
    long WaitlistJoins,
    long Offers,
    long Conversions)
{
    public static DayResponse From(DailyFigures day) => new(
        day.Date, day.Figures.Bookings, day.Figures.Tickets, day.Figures.Revenue, day.Figures.Cancellations,
        day.Figures.Refunded, day.Figures.WaitlistJoins, day.Figures.Offers, day.Figures.Conversions);
}

/// <summary>One row a UTC day, today last. Amounts are of events in that currency, counts of all.</summary>
/// <param name="Currencies">In which anything was ever booked: what to ask for.</param>
public sealed record DailyResponse(
    string Currency, IReadOnlyList<string> Currencies, IReadOnlyList<DayResponse> Items)
{
    public static DailyResponse From(DailyReport report) =>
        new(report.Currency, report.Currencies, [.. report.Days.Select(DayResponse.From)]);
}

/// <summary>The figures of some UTC days together. Amounts are of events in that currency, counts of all.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="Currencies">In which anything was ever booked: what to ask for.</param>
/// <param name="Bookings">Made in those days, whatever became of them.</param>
/// <param name="Revenue">What those bookings cost.</param>
/// <param name="Cancellations">Made in those days, of whatever day's bookings.</param>
/// <param name="CancellationRate">Cancellations ÷ bookings in percent; over 100 where more was given back than
/// sold.</param>
/// <param name="Refunded">What the bookings cancelled in those days had cost.</param>
/// <param name="NetRevenue">Revenue less refunds.</param>
public sealed record PeriodResponse(
    DateOnly From,
    DateOnly To,
    int Days,
    string Currency,
    IReadOnlyList<string> Currencies,
    long Bookings,
    long Tickets,
    decimal Revenue,
    long Cancellations,
    decimal CancellationRate,
    decimal Refunded,
    decimal NetRevenue,
    long WaitlistJoins,
    long Offers,
    long Conversions)
{
    public static PeriodResponse Of(PeriodStats stats)
    {
        var figures = stats.Figures;
        return new(
            stats.Days.First, stats.Days.Last, stats.Days.Count, stats.Currency, stats.Currencies, figures.Bookings,
            figures.Tickets, figures.Revenue, figures.Cancellations, figures.CancellationRate, figures.Refunded,
            figures.NetRevenue, figures.WaitlistJoins, figures.Offers, figures.Conversions);
    }
}
