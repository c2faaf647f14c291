using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>
/// Reads an admin's overview, all of it as of one instant. What it costs follows the days there were and the events
/// there are, not the bookings. Safe for concurrent use.
/// </summary>
public sealed class DashboardQueries(Database database)
{
    private const int TrendDays = 30;
    private const int RankedEvents = 10;

    private const string SignUps = "SELECT day, users FROM user_signups";

    private const string ByStatus = "SELECT status, count(*) FROM events WHERE deleted_at IS NULL GROUP BY status";

    /// <summary>Over for every reader, and not yet for a clock.</summary>
    private const string Overdue = """
        SELECT count(*) FROM events WHERE deleted_at IS NULL AND status = 'active' AND event_date <= now()
        """;

    private const string OnSale = $"""
        SELECT coalesce(sum(booked_tickets), 0)::bigint, coalesce(sum(capacity), 0)::bigint
          FROM event_view WHERE {EventRankings.OnSale}
        """;

    /// <param name="today">The UTC day that the trend ends with.</param>
    /// <param name="currency">Of the amounts; null: the one with the most revenue ever.</param>
    public Task<Dashboard> ReadAsync(DateOnly today, string? currency, CancellationToken cancellationToken)
    {
        var days = DayRange.LastDays(today, TrendDays);
        return database.AtOneInstantAsync(
            batch =>
            {
                DaySums.Prepare(batch, new(days.Before.First, days.Last));
                batch.Add(SignUps);
                batch.Add(ByStatus);
                batch.Add(Overdue);
                batch.Add(OnSale);
                batch.Add(EventRankings.Fullest).With(RankedEvents);
                batch.Add(EventRankings.MostSold).With(RankedEvents);
            },
            async (reader, token) =>
            {
                var sums = await DaySums.ReadAsync(reader, currency, token);
                var signUps = await ReadSignUpsAsync(reader, token);
                var events = await ReadEventsAsync(reader, token);
                var utilization = await ReadUtilizationAsync(reader, token);
                var popular = await NextAsync(reader, EventRankings.Read, token);
                return new Dashboard(
                    sums.Currency, sums.Currencies, signUps.Values.Sum(), events, sums.AllTime, utilization, popular,
                    EngagementOf(sums),
                    [.. days.Days.Select(day => new TrendDay(day, sums.Of(day), signUps.GetValueOrDefault(day)))],
                    days.Before.Days.Select(sums.Of).Aggregate(BookingFigures.None, (sum, day) => sum + day),
                    days.Before.Days.Sum(day => signUps.GetValueOrDefault(day)));
            },
            cancellationToken);
    }

    private static EngagementFigures EngagementOf(DaySums sums)
    {
        var total = sums.AllTime;
        var isOneCurrency = sums.Currencies.All(one => one == sums.Currency);
        return new(
            sums.Buyers, sums.RepeatBuyers, EachBuyer(total.Confirmed),
            isOneCurrency ? EachBuyer(total.NetRevenue) : null);

        decimal EachBuyer(decimal whole) =>
            sums.Buyers == 0 ? 0 : Math.Round(whole / sums.Buyers, 2, MidpointRounding.AwayFromZero);
    }

    private static async Task<Dictionary<DateOnly, long>> ReadSignUpsAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        (await NextAsync(reader, row => (row.GetFieldValue<DateOnly>(0), (long)row.GetInt32(1)), cancellationToken))
        .ToDictionary();

    private static async Task<EventsByStatus> ReadEventsAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var stored = (await NextAsync(reader, row => (row.GetString(0), row.GetInt64(1)), cancellationToken))
            .ToDictionary();
        var overdue = (await NextAsync(reader, row => row.GetInt64(0), cancellationToken)).Single();
        return new(
            stored.GetValueOrDefault("draft"), stored.GetValueOrDefault("active") - overdue,
            stored.GetValueOrDefault("cancelled"), stored.GetValueOrDefault("completed") + overdue);
    }

    private static async Task<UtilizationFigures> ReadUtilizationAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var (booked, capacity) =
            (await NextAsync(reader, row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken)).Single();
        return new(booked, capacity, await NextAsync(reader, EventRankings.Read, cancellationToken));
    }

    /// <summary>The rows of the next statement.</summary>
    private static async Task<List<T>> NextAsync<T>(
        NpgsqlDataReader reader, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        return await Database.ReadAllAsync(reader, map, cancellationToken);
    }
}
