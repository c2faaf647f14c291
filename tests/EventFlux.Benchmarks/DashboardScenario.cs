using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EventFlux.Contracts.Users;

namespace EventFlux.Benchmarks;

/// <summary>The admins' overview over HTTP, with few bookings and with a thousand times as many.</summary>
internal static class DashboardScenario
{
    private const int Events = 1_000;
    private const int Days = 365;
    private const int Few = 1_000;
    private const int Many = 1_000_000;
    private const string Path = "/api/admin/dashboard";
    private static int _asked;

    public static async Task RunAsync(ScenarioOptions options)
    {
        await using var few = await Bench.StartAsync();
        await using var many = await Bench.StartAsync();
        await FillAsync(few, Few);
        await FillAsync(many, Many);
        using var small = ClientOf(few);
        using var large = ClientOf(many);
        await CheckAsync(small, Few);
        await CheckAsync(large, Many);

        await RoundAsync(small, options.Round);
        await RoundAsync(large, options.Round);
        var rounds = new List<(double Few, double Many)>();
        for (var round = 0; round < options.Rounds; round++)
            rounds.Add((await RoundAsync(small, options.Round), await RoundAsync(large, options.Round)));
        // What closed days spare: the same sums over the rows of each event and day.
        const string Naive = "SELECT sum(bookings), sum(revenue) FROM booking_analytics";
        const string Closed = "SELECT sum(bookings), sum(revenue) FROM analytics_by_day";
        var report = Report(
            options, rounds, (await TimeAsync(many, Naive), await TimeAsync(many, Closed)),
            await many.CountAsync("SELECT count(*) FROM booking_analytics"),
            await many.CountAsync("SELECT count(*) FROM analytics_by_day"));
        await Results.SaveAsync("dashboard", report, options.IsTrial);
    }

    /// <summary>Bookings over all events and days, three a user, and the sums that commits would have made of
    /// them.</summary>
    private static async Task FillAsync(Bench bench, int bookings)
    {
        string[] steps =
        [
            $"""
            INSERT INTO events (id, name, venue, event_date, price, currency, capacity, status, details_version,
                                created_by, created_by_name, created_at, updated_at)
            SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Event ' || n, 'Venue',
                   now() + (1 + n) * interval '1 hour', 10, CASE WHEN n % 4 = 0 THEN 'EUR' ELSE 'USD' END, 10000,
                   'active', 1, gen_random_uuid(), 'Creator', now(), now()
              FROM generate_series(0, {Events - 1}) AS n
            """,
            $"""
            INSERT INTO bookings (id, event_id, user_id, reference, quantity, unit_price, currency, booked_at)
            SELECT gen_random_uuid(), ('00000000-0000-7000-8000-' || lpad((n % {Events})::text, 12, '0'))::uuid,
                   ('00000000-0000-4000-8000-' || lpad((n / 3)::text, 12, '0'))::uuid, 'EVT-' || n, 2, 10, 'USD',
                   now() - (n + n / {Events}) % {Days} * interval '1 day'
              FROM generate_series(0, {bookings - 1}) AS n
            """,
            """
            INSERT INTO booking_analytics (event_id, day, bookings, tickets, revenue, buyers, repeat_buyers)
            SELECT event_id, (booked_at AT TIME ZONE 'UTC')::date, count(*), sum(quantity), sum(quantity * unit_price),
                   count(*) FILTER (WHERE place = 1), count(*) FILTER (WHERE place = 2)
              FROM (SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY booked_at, id) AS place
                      FROM bookings) AS b
             GROUP BY 1, 2
            """,
            """
            INSERT INTO event_inventory (event_id, version, capacity, available, booked, held, waiting)
            SELECT id, 1, capacity, capacity - coalesce(sold, 0), coalesce(sold, 0), 0, 0
              FROM events LEFT JOIN (SELECT event_id, sum(tickets) AS sold FROM booking_analytics GROUP BY 1) AS b
                ON event_id = id
            """,
            // As the minute job does.
            "SELECT close_days((now() AT TIME ZONE 'UTC')::date + 1, 2147483647)",
            "VACUUM ANALYZE",
        ];
        foreach (var step in steps)
        {
            await using var command = bench.Database.CreateCommand(step);
            command.CommandTimeout = 600;
            await command.ExecuteNonQueryAsync();
        }
    }

    private static HttpClient ClientOf(Bench bench)
    {
        var client = new HttpClient { BaseAddress = bench.Silo.Http.BaseAddress };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", bench.NewToken(UserRole.Admin));
        return client;
    }

    private static async Task CheckAsync(HttpClient client, int bookings)
    {
        var total = JsonDocument.Parse(await client.GetStringAsync(NextPath())).RootElement
            .GetProperty("bookings").GetProperty("total").GetInt32();
        if (total != bookings) throw new InvalidOperationException($"{total} bookings instead of {bookings}.");
    }

    /// <summary>In another currency each time, since an answer is used again for a second; it costs the same.</summary>
    private static string NextPath()
    {
        var number = _asked++;
        var currency = string.Concat(
            new[] { number / 676, number / 26, number }.Select(letter => (char)('A' + (letter % 26))));
        return $"{Path}?currency={currency}";
    }

    /// <returns>The median, in milliseconds.</returns>
    private static async Task<double> RoundAsync(HttpClient client, TimeSpan duration)
    {
        var times = new List<double>();
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < duration;)
        {
            var sent = Stopwatch.GetTimestamp();
            await client.GetByteArrayAsync(NextPath());
            times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    /// <returns>The median of some runs, in milliseconds.</returns>
    private static async Task<double> TimeAsync(Bench bench, string sql)
    {
        var times = new List<double>();
        for (var run = 0; run < 21; run++)
        {
            var sent = Stopwatch.GetTimestamp();
            await using var command = bench.Database.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
            times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    private static string Report(
        ScenarioOptions options, List<(double Few, double Many)> rounds, (double Naive, double Closed) sums,
        long dayRows, long readRows)
    {
        var table = new StringBuilder();
        foreach (var (few, many) in rounds)
            table.AppendLine(CultureInfo.InvariantCulture, $"| {few:F2} | {many:F2} | {many / few:F2} |");
        var ratio = rounds.Select(round => round.Many / round.Few).Order().ElementAt(rounds.Count / 2);
        return string.Create(CultureInfo.InvariantCulture, $"""
            # dashboard

            `GET {Path}` over HTTP, one after the other, at a silo whose database has {Few:N0} bookings and at one whose
            database has {Many:N0}, both over {Events:N0} events and {Days} days, after the minute job. One machine with
            {Environment.ProcessorCount} processors, busy with other work; {options.Rounds} rounds of {
                options.Round.TotalSeconds:F0} s on each side in turn. Medians; median of the ratios: {ratio:F2}.

            | ms with {Few:N0} | ms with {Many:N0} | ratio |
            | ---: | ---: | ---: |
            {table.ToString().TrimEnd()}

            With {Many:N0} bookings there are {dayRows:N0} rows of an event and day. To add all of them up takes {
                sums.Naive:F1} ms; the {readRows:N0} rows that reports read in their place, {sums.Closed:F1} ms.

            Repeat: `dotnet run -c Release --project tests/EventFlux.Benchmarks -- dashboard --seconds {
                options.Round.TotalSeconds:F0} --rounds {options.Rounds}`

            """);
    }
}
