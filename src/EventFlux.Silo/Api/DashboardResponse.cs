using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>An admin's overview, as of one instant, a second ago at most. Amounts are of events in that currency,
/// counts of all.</summary>
/// <param name="Currencies">In which anything was ever booked: what to ask for.</param>
/// <param name="Revenue">What the confirmed bookings have cost.</param>
/// <param name="Refunded">What the cancelled ones had cost.</param>
/// <param name="CancellationRate">Cancelled ÷ all bookings, in percent.</param>
/// <param name="PopularEvents">By tickets sold.</param>
/// <param name="DailyTrend">The last 30 UTC days, today last.</param>
/// <param name="Trend">Those 30 days beside the 30 before.</param>
public sealed record DashboardResponse(
    string Currency,
    IReadOnlyList<string> Currencies,
    UserTotalsResponse Users,
    EventTotalsResponse Events,
    BookingTotalsResponse Bookings,
    decimal Revenue,
    decimal Refunded,
    decimal CancellationRate,
    UtilizationResponse Utilization,
    IReadOnlyList<RankedEventResponse> PopularEvents,
    EngagementResponse Engagement,
    IReadOnlyList<TrendDayResponse> DailyTrend,
    TrendResponse Trend)
{
    public static DashboardResponse From(Dashboard dashboard)
    {
        var (all, events) = (dashboard.AllTime, dashboard.Events);
        var (utilization, engagement) = (dashboard.Utilization, dashboard.Engagement);
        return new(
            dashboard.Currency, dashboard.Currencies,
            new(dashboard.Users),
            new(events.Total, events.Active, events.Draft, events.Cancelled, events.Completed),
            new(all.Bookings, all.Confirmed, all.Cancellations, all.Tickets),
            all.NetRevenue, all.Refunded, all.CancellationRate,
            new(
                utilization.Overall, utilization.Booked, utilization.Capacity,
                RankedEventResponse.From(utilization.Fullest)),
            RankedEventResponse.From(dashboard.Popular),
            new(
                engagement.ActiveBuyers, engagement.RepeatBuyers, engagement.RepeatRate, engagement.BookingsPerBuyer,
                engagement.RevenuePerBuyer),
            [.. dashboard.Trend.Select(TrendDayResponse.From)],
            TrendResponse.From(dashboard));
    }
}

/// <summary>Users who have signed up.</summary>
public sealed record UserTotalsResponse(long Total);

/// <summary>Events by status; deleted ones count nowhere.</summary>
public sealed record EventTotalsResponse(long Total, long Active, long Draft, long Cancelled, long Completed);

/// <summary>Bookings ever made.</summary>
/// <param name="Tickets">Of all of them.</param>
public sealed record BookingTotalsResponse(long Total, long Confirmed, long Cancelled, long Tickets);

/// <summary>How full what is on sale is: active events to come.</summary>
/// <param name="Percentage">Booked ÷ capacity of all of them together.</param>
/// <param name="Fullest">Those with the highest percentage, highest first.</param>
public sealed record UtilizationResponse(
    decimal Percentage, long BookedTickets, long Capacity, IReadOnlyList<RankedEventResponse> Fullest);

/// <summary>Who buys.</summary>
/// <param name="ActiveBuyers">Users with at least one confirmed booking.</param>
/// <param name="RepeatBuyers">Users with at least two.</param>
/// <param name="RepeatRate">Repeat ÷ active buyers, in percent.</param>
/// <param name="BookingsPerBuyer">Confirmed bookings ÷ active buyers.</param>
/// <param name="RevenuePerBuyer">Revenue ÷ active buyers; null where anything was booked in another currency, too: the
/// buyers are of all.</param>
public sealed record EngagementResponse(
    long ActiveBuyers, long RepeatBuyers, decimal RepeatRate, decimal BookingsPerBuyer, decimal? RevenuePerBuyer);

/// <summary>One UTC day of the trend; its figures mean what they mean in the daily rows.</summary>
/// <param name="SignUps">Users who signed up that day.</param>
public sealed record TrendDayResponse(
    DateOnly Date,
    long Bookings,
    long Tickets,
    decimal Revenue,
    long Cancellations,
    decimal Refunded,
    long SignUps)
{
    public static TrendDayResponse From(TrendDay day) => new(
        day.Date, day.Figures.Bookings, day.Figures.Tickets, day.Figures.Revenue, day.Figures.Cancellations,
        day.Figures.Refunded, day.SignUps);
}

/// <summary>The trend's days together, beside as many days before.</summary>
/// <param name="Days">How many.</param>
public sealed record TrendResponse(
    int Days,
    CountTrendResponse Bookings,
    CountTrendResponse Tickets,
    AmountTrendResponse Revenue,
    CountTrendResponse Cancellations,
    CountTrendResponse SignUps)
{
    public static TrendResponse From(Dashboard dashboard)
    {
        var (now, before) = (dashboard.Recent, dashboard.Before);
        return new(
            dashboard.Trend.Count,
            Count(now.Bookings, before.Bookings),
            Count(now.Tickets, before.Tickets),
            new(now.Revenue, before.Revenue, Percentage.Change(before.Revenue, now.Revenue)),
            Count(now.Cancellations, before.Cancellations),
            Count(dashboard.RecentSignUps, dashboard.SignUpsBefore));
    }

    private static CountTrendResponse Count(long now, long before) =>
        new(now, before, Percentage.Change(before, now));
}

/// <summary>A count of those days and of the days before.</summary>
/// <param name="ChangePercentage">Null where there was none before.</param>
public sealed record CountTrendResponse(long Current, long Before, decimal? ChangePercentage);

/// <summary>An amount of those days and of the days before.</summary>
/// <param name="ChangePercentage">Null where there was none before.</param>
public sealed record AmountTrendResponse(decimal Current, decimal Before, decimal? ChangePercentage);
