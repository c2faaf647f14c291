using System.Text.Json;
using EventFlux.Tests.Analytics;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Api;

/// <summary>The overview and the reports over all events, on a database where everything is known.</summary>
public sealed class DashboardTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Recount = """
        SELECT coalesce(sum(bookings), 0)::numeric, coalesce(sum(revenue) FILTER (WHERE currency = $3), 0),
               coalesce(sum(refunded) FILTER (WHERE currency = $3), 0)
          FROM booking_analytics JOIN events ON id = event_id WHERE day BETWEEN $1 AND $2
        """;

    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    /// <summary>One after the other, since the first needs an empty database.</summary>
    [Fact]
    public async Task Reports_FromNothingToSeveralCurrencies_AgreeWithARecount()
    {
        await AssertEmptyAsync();
        var events = await api.Database.CreateEventsAsync(9, "GBP", "EUR", "USD");
        await api.Database.AddAsync(events[1], Today, bookings: 4);
        var engagement = (await ReadAsync()).GetProperty("engagement");
        Assert.Equal("12.50", engagement.GetProperty("revenue_per_buyer").GetRawText());
        var random = new Random(7);
        for (var row = 0; row < 400; row++)
        {
            await api.Database.AddAsync(
                events[random.Next(9)], Today.AddDays(-random.Next(75)), random.Next(5), random.Next(2));
        }

        // One currency with the most revenue, and one in which nothing was ever booked.
        await api.Database.AddAsync(events[1], Today, bookings: 500);
        await api.Database.CreateEventsAsync(1, "CHF");

        await AssertAgreesAsync("USD");
        await AssertAgreesAsync("EUR", "EUR");
        // The same figures once the days are closed, and no matter how many of them.
        await api.Database.CloseAsync(Today.AddDays(-10));
        await AssertAgreesAsync("USD");
        await api.Database.CloseAsync(Today);
        await AssertAgreesAsync("USD");
        await AssertAgreesAsync("JPY", "JPY");
        await AssertUsersAndEventsAsync();
    }

    /// <summary>A second after the last change, which then has to be in it.</summary>
    private async Task<JsonElement> ReadAsync(string query = "")
    {
        await Task.Delay(TimeSpan.FromSeconds(1));
        return (await api.NewAdmin().GetAsync($"/api/admin/dashboard?{query}")).Is(200).Json;
    }

    private async Task AssertEmptyAsync()
    {
        var dashboard = (await api.NewAdmin().GetAsync("/api/admin/dashboard")).Is(200);

        Assert.Equal("USD", dashboard.Text("currency"));
        Assert.Empty(dashboard.Json.GetProperty("currencies").EnumerateArray());
        Assert.Equal("0.00", dashboard.Json.GetProperty("cancellation_rate").GetRawText());
        Assert.Equal("0.00", dashboard.Json.GetProperty("engagement").GetProperty("bookings_per_buyer").GetRawText());
        Assert.Equal(30, dashboard.Json.GetProperty("daily_trend").GetArrayLength());
        var revenue = dashboard.Json.GetProperty("trend").GetProperty("revenue");
        Assert.Equal(JsonValueKind.Null, revenue.GetProperty("change_percentage").ValueKind);
    }

    /// <param name="expected">The currency of the answer.</param>
    /// <param name="asked">The currency in the query; null: left out.</param>
    private async Task AssertAgreesAsync(string expected, string? asked = null)
    {
        var (admin, query) = (api.NewAdmin(), asked is null ? "" : $"currency={asked}");
        var (all, recent, before) = (
            await RecountAsync(Today.AddDays(-400), Today), await RecountAsync(Today.AddDays(-29), Today),
            await RecountAsync(Today.AddDays(-59), Today.AddDays(-30)));

        var dashboard = await ReadAsync(query);
        Assert.Equal(expected, dashboard.GetProperty("currency").GetString());
        Assert.Equal(
            ["EUR", "GBP", "USD"],
            dashboard.GetProperty("currencies").EnumerateArray().Select(one => one.GetString()!));
        Assert.Equal(all.Bookings, dashboard.GetProperty("bookings").GetProperty("total").GetDecimal());
        Assert.Equal(all.Revenue - all.Refunded, dashboard.GetProperty("revenue").GetDecimal());
        var trend = dashboard.GetProperty("trend");
        Assert.Equal((recent.Bookings, before.Bookings), Pair(trend.GetProperty("bookings")));
        Assert.Equal((recent.Revenue, before.Revenue), Pair(trend.GetProperty("revenue")));
        Assert.Equal(recent.Revenue, dashboard.GetProperty("daily_trend").EnumerateArray()
            .Sum(day => day.GetProperty("revenue").GetDecimal()));

        var period = (await admin.GetAsync($"/api/bookings/analytics/stats?{query}")).Is(200);
        Assert.Equal(expected, period.Text("currency"));
        Assert.Equal(
            (recent.Bookings, recent.Revenue),
            (period.Json.GetProperty("bookings").GetDecimal(), period.Json.GetProperty("revenue").GetDecimal()));
        Assert.Equal(
            (Today.AddDays(-29), Today),
            (DateOnly.Parse(period.Text("from")!), DateOnly.Parse(period.Text("to")!)));

        var daily = (await admin.GetAsync($"/api/bookings/analytics/daily?days=75&{query}")).Is(200);
        foreach (var row in daily.Items)
        {
            var day = DateOnly.Parse(row.GetProperty("date").GetString()!);
            Assert.Equal(
                await RecountAsync(day, day),
                (row.GetProperty("bookings").GetDecimal(), row.GetProperty("revenue").GetDecimal(),
                 row.GetProperty("refunded").GetDecimal()));
        }

        async Task<(decimal Bookings, decimal Revenue, decimal Refunded)> RecountAsync(DateOnly first, DateOnly last)
        {
            await using var command = api.Database.DataSource.CreateCommand(Recount);
            object[] values = [first, last, expected];
            foreach (var value in values) command.Parameters.Add(new() { Value = value });
            await using var reader = await command.ExecuteReaderAsync();
            Assert.True(await reader.ReadAsync());
            return (reader.GetDecimal(0), reader.GetDecimal(1), reader.GetDecimal(2));
        }
    }

    private async Task AssertUsersAndEventsAsync()
    {
        await api.Database.ExecuteAsync("""
            INSERT INTO users (id, email, first_name, last_name, role, credential_version, created_at, updated_at,
                               credentials_changed_at)
            SELECT gen_random_uuid(), n || '@example.org', 'A', 'B', 'user', 1, now() - n * interval '8 days', now(),
                   now()
              FROM generate_series(0, 9) AS n
            """);
        // Five are on sale with a tenth of their tickets sold, three are drafts, one is over for all but the clock.
        await api.Database.ExecuteAsync("""
            WITH numbered AS (SELECT id, row_number() OVER (ORDER BY currency, id) AS n FROM events)
            UPDATE events SET status = CASE WHEN n <= 3 THEN 'draft' ELSE 'active' END,
                              event_date = CASE n WHEN 4 THEN now() - interval '1 minute' ELSE event_date END
              FROM numbered WHERE numbered.id = events.id
            """);
        await api.Database.ExecuteAsync("UPDATE event_inventory SET booked = 10, available = 90");
        await api.Database.ExecuteAsync("UPDATE booking_analytics SET buyers = 0, repeat_buyers = 0");
        await api.Database.ExecuteAsync("""
            UPDATE booking_analytics SET buyers = 8, repeat_buyers = 2
             WHERE (event_id, day) = (SELECT event_id, day FROM booking_analytics ORDER BY day LIMIT 1)
            """);

        var dashboard = await ReadAsync();

        Assert.Equal(10, dashboard.GetProperty("users").GetProperty("total").GetInt32());
        Assert.Equal((4, 4), Pair(dashboard.GetProperty("trend").GetProperty("sign_ups")));
        Assert.Equal(
            """{"total":10,"active":6,"draft":3,"cancelled":0,"completed":1}""",
            dashboard.GetProperty("events").GetRawText());
        var utilization = dashboard.GetProperty("utilization");
        Assert.Equal(
            (60, 600, "10.00", 6),
            (utilization.GetProperty("booked_tickets").GetInt32(), utilization.GetProperty("capacity").GetInt32(),
             utilization.GetProperty("percentage").GetRawText(), utilization.GetProperty("fullest").GetArrayLength()));
        Assert.Equal(7, dashboard.GetProperty("popular_events").GetArrayLength());
        var (engagement, confirmed) = (
            dashboard.GetProperty("engagement"), dashboard.GetProperty("bookings").GetProperty("confirmed").GetInt32());
        Assert.Equal(
            (8, 2, "25.00"),
            (engagement.GetProperty("active_buyers").GetInt32(), engagement.GetProperty("repeat_buyers").GetInt32(),
             engagement.GetProperty("repeat_rate").GetRawText()));
        Assert.Equal(
            Math.Round(confirmed / 8m, 2, MidpointRounding.AwayFromZero),
            engagement.GetProperty("bookings_per_buyer").GetDecimal());
        // Three currencies' buyers.
        Assert.Equal(JsonValueKind.Null, engagement.GetProperty("revenue_per_buyer").ValueKind);
    }

    private static (decimal Current, decimal Before) Pair(JsonElement trend)
    {
        var pair = (trend.GetProperty("current").GetDecimal(), trend.GetProperty("before").GetDecimal());
        var change = trend.GetProperty("change_percentage");
        Assert.Equal(
            Grains.Storage.Percentage.Change(pair.Item2, pair.Item1),
            change.ValueKind == JsonValueKind.Null ? null : change.GetDecimal());
        return pair;
    }
}
