namespace EventFlux.Grains.Storage;

/// <summary>Everything of an admin's overview, as it was at one instant.</summary>
/// <param name="Currency">Of all amounts: the one asked for, else the one with the most revenue ever.</param>
/// <param name="Currencies">In which anything was ever booked, in alphabetical order.</param>
/// <param name="Users">Signed up and still there.</param>
/// <param name="AllTime">The figures of all days.</param>
/// <param name="Popular">By tickets sold.</param>
/// <param name="Trend">The last days, today last.</param>
/// <param name="Before">The figures of as many days right before those.</param>
public sealed record Dashboard(
    string Currency,
    IReadOnlyList<string> Currencies,
    long Users,
    EventsByStatus Events,
    BookingFigures AllTime,
    UtilizationFigures Utilization,
    IReadOnlyList<PopularEvent> Popular,
    EngagementFigures Engagement,
    IReadOnlyList<TrendDay> Trend,
    BookingFigures Before,
    long SignUpsBefore)
{
    /// <summary>The figures of the trend's days together.</summary>
    public BookingFigures Recent { get; } =
        Trend.Aggregate(BookingFigures.None, (sum, day) => sum + day.Figures);

    /// <summary>Sign-ups of the trend's days together.</summary>
    public long RecentSignUps { get; } = Trend.Sum(day => day.SignUps);
}

/// <summary>Events by the status that readers see; deleted ones count nowhere.</summary>
public sealed record EventsByStatus(long Draft, long Active, long Cancelled, long Completed)
{
    public long Total => Draft + Active + Cancelled + Completed;
}

/// <summary>How full what is on sale is: active events to come.</summary>
/// <param name="Fullest">Those with the highest utilization, highest first.</param>
public sealed record UtilizationFigures(long Booked, long Capacity, IReadOnlyList<PopularEvent> Fullest)
{
    /// <summary>Booked ÷ capacity of all of them together, in percent.</summary>
    public decimal Overall => Percentage.Of(Booked, Capacity);
}

/// <summary>Who buys.</summary>
/// <param name="ActiveBuyers">Users with at least one confirmed booking now.</param>
/// <param name="RepeatBuyers">Users with at least two.</param>
/// <param name="BookingsPerBuyer">Confirmed bookings ÷ active buyers.</param>
/// <param name="RevenuePerBuyer">Revenue of confirmed bookings ÷ active buyers; null where anything was booked in
/// another currency than the answer's: buyers are of all.</param>
public sealed record EngagementFigures(
    long ActiveBuyers, long RepeatBuyers, decimal BookingsPerBuyer, decimal? RevenuePerBuyer)
{
    /// <summary>Repeat buyers ÷ active buyers, in percent.</summary>
    public decimal RepeatRate => Percentage.Of(RepeatBuyers, ActiveBuyers);
}

/// <summary>One UTC day of the trend.</summary>
public sealed record TrendDay(DateOnly Date, BookingFigures Figures, long SignUps);
