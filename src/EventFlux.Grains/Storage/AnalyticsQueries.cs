using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>
/// Reads what the events' commits have counted: rows a day, never the bookings themselves. Each answer is as of one
/// instant, and exact then. Safe for concurrent use.
/// </summary>
public sealed class AnalyticsQueries(Database database)
{
    private const string StatsOfEvent = $"""
        SELECT e.id, e.name, e.status, e.currency, e.capacity, e.available_tickets, e.booked_tickets, e.held_tickets,
               e.waitlist_length, figures.*
          FROM event_view e,
               LATERAL (SELECT {FigureSums.Columns} FROM booking_analytics WHERE event_id = e.id) AS figures
         WHERE e.id = $1
        """;

    private const string DaysOfEvent = $"""
        SELECT day, {FigureSums.Columns} FROM booking_analytics
         WHERE event_id = $1 AND day BETWEEN $2 AND $3 GROUP BY day
        """;

    /// <summary>An event's counts and figures; null when there is no such event.</summary>
    public Task<EventStats?> EventStatsAsync(Guid eventId, CancellationToken cancellationToken) =>
        database.FirstAsync(batch => batch.Add(StatsOfEvent).With(eventId), MapStats, cancellationToken);

    /// <summary>The same with the figures of some days; null when there is no such event.</summary>
    public Task<EventReport?> EventReportAsync(Guid eventId, DayRange days, CancellationToken cancellationToken) =>
        database.AtOneInstantAsync(
            batch =>
            {
                batch.Add(StatsOfEvent).With(eventId);
                batch.Add(DaysOfEvent).With(eventId).With(days.First).With(days.Last);
            },
            async (reader, token) =>
            {
                if (!await reader.ReadAsync(token)) return null;
                var stats = MapStats(reader);
                await reader.NextResultAsync(token);
                var found = (await Database.ReadAllAsync(
                    reader, row => (row.GetFieldValue<DateOnly>(0), FigureSums.Read(row, 1)), token)).ToDictionary();
                return new EventReport(stats, [.. days.Days.Select(day => new DailyFigures(
                    day, stats.Currency, found.GetValueOrDefault(day, BookingFigures.None)))]);
            },
            cancellationToken);

    /// <summary>The events, on sale or over, that sold the most tickets.</summary>
    public async Task<IReadOnlyList<PopularEvent>> PopularAsync(int limit, CancellationToken cancellationToken) =>
        await database.ListAsync(
            batch => batch.Add(EventRankings.MostSold).With(limit), EventRankings.Read, cancellationToken);

    /// <summary>The figures of some days together.</summary>
    /// <param name="currency">Of the amounts; null: the one with the most revenue ever.</param>
    public async Task<PeriodStats> PeriodAsync(DayRange days, string? currency, CancellationToken cancellationToken)
    {
        var report = await ReportAsync(days, currency, cancellationToken);
        return new(days, report.Currency, report.Currencies, report.Days.Aggregate(
            BookingFigures.None, (sum, day) => sum + day.Figures));
    }

    /// <summary>One row a day, in order, empty ones included.</summary>
    /// <inheritdoc cref="PeriodAsync" path="/param"/>
    public async Task<IReadOnlyList<DailyFigures>> DailyAsync(
        DayRange days, string? currency, CancellationToken cancellationToken) =>
        (await ReportAsync(days, currency, cancellationToken)).Days;

    /// <summary>The same with what currencies there are.</summary>
    /// <inheritdoc cref="PeriodAsync" path="/param"/>
    public Task<DailyReport> ReportAsync(DayRange days, string? currency, CancellationToken cancellationToken) =>
        database.AtOneInstantAsync(
            batch => DaySums.Prepare(batch, days),
            async (reader, token) =>
            {
                var sums = await DaySums.ReadAsync(reader, currency, token);
                return new DailyReport(
                    sums.Currency, sums.Currencies,
                    [.. days.Days.Select(day => new DailyFigures(day, sums.Currency, sums.Of(day)))]);
            },
            cancellationToken);

    private static EventStats MapStats(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), StatusText.ParseEvent(row.GetString(2))!.Value, row.GetString(3),
        row.GetInt32(4), row.GetInt32(5), row.GetInt32(6), row.GetInt32(7), row.GetInt32(8), FigureSums.Read(row, 9));
}
