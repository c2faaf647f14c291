using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>
/// Sums over all events, a day and in all, from the view <c>analytics_by_day</c>. Counts are of all events; amounts of
/// different currencies can't be added, so they are of one.
/// </summary>
internal sealed class DaySums
{
    /// <summary>Where nothing was ever booked.</summary>
    private const string NoCurrency = "USD";

    private const string ByCurrency = $"""
        SELECT currency, {FigureSums.Columns}, coalesce(sum(buyers), 0)::bigint, coalesce(sum(repeat_buyers), 0)::bigint
          FROM analytics_by_day GROUP BY currency
        """;

    private const string ByDay = $"""
        SELECT currency, {FigureSums.Columns}, day FROM analytics_by_day
         WHERE day BETWEEN $1 AND $2 GROUP BY day, currency
        """;

    private readonly Dictionary<DateOnly, BookingFigures> _days = [];

    /// <summary>Of the amounts.</summary>
    public string Currency { get; private set; } = NoCurrency;

    /// <summary>In which anything was ever booked, in alphabetical order.</summary>
    public IReadOnlyList<string> Currencies { get; private set; } = [];

    public BookingFigures AllTime { get; private set; } = BookingFigures.None;

    /// <summary>Users with at least one confirmed booking now.</summary>
    public long Buyers { get; private set; }

    /// <summary>Users with at least two.</summary>
    public long RepeatBuyers { get; private set; }

    public BookingFigures Of(DateOnly day) => _days.GetValueOrDefault(day, BookingFigures.None);

    /// <summary>Asks for two results.</summary>
    public static void Prepare(NpgsqlBatch batch, DayRange days)
    {
        batch.Add(ByCurrency);
        batch.Add(ByDay).With(days.First).With(days.Last);
    }

    /// <summary>Reads what <see cref="Prepare"/> asked for.</summary>
    /// <param name="asked">Null: the currency with the most revenue ever.</param>
    public static async Task<DaySums> ReadAsync(
        NpgsqlDataReader reader, string? asked, CancellationToken cancellationToken)
    {
        var sums = new DaySums();
        await sums.ReadTotalsAsync(reader, asked, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var day = reader.GetFieldValue<DateOnly>(FigureSums.Count + 1);
            sums._days[day] = sums.Of(day) + sums.InCurrency(reader);
        }

        return sums;
    }

    private async Task ReadTotalsAsync(NpgsqlDataReader reader, string? asked, CancellationToken cancellationToken)
    {
        var totals = new List<(string Currency, BookingFigures Figures)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            totals.Add((reader.GetString(0), FigureSums.Read(reader, 1)));
            Buyers += reader.GetInt64(FigureSums.Count + 1);
            RepeatBuyers += reader.GetInt64(FigureSums.Count + 2);
        }

        var booked = totals.Where(one => one.Figures.Bookings > 0)
            .OrderBy(one => one.Currency, StringComparer.Ordinal).ToList();
        Currencies = [.. booked.Select(one => one.Currency)];
        // Of equals the first, so ties are alphabetical.
        Currency = asked
            ?? (booked.Count > 0 ? booked.MaxBy(one => one.Figures.Revenue).Currency : NoCurrency);
        foreach (var (currency, figures) in totals)
            AllTime += currency == Currency ? figures : figures.WithoutAmounts();
    }

    private BookingFigures InCurrency(NpgsqlDataReader row)
    {
        var figures = FigureSums.Read(row, 1);
        return row.GetString(0) == Currency ? figures : figures.WithoutAmounts();
    }
}
