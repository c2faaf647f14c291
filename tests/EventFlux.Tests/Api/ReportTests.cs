using System.Text.Json;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Api;

/// <summary>Reports over HTTP: an event's, and those over days and events.</summary>
[Collection<SharedApi>]
public sealed class ReportTests(ApiFixture api)
{
    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    public static TheoryData<string> AdminReads =>
    [
        "/api/events/{0}/stats", "/api/bookings/analytics/stats", "/api/bookings/analytics/daily",
        "/api/bookings/analytics/daily/export", "/api/admin/dashboard", "/api/admin/users", "/api/admin/users/{0}",
        "/api/admin/events", "/api/admin/events/{0}/analytics",
    ];

    [Theory]
    [MemberData(nameof(AdminReads))]
    public async Task AdminRead_ByAnybodyElse_IsRefusedBeforeAnythingIsJudged(string path)
    {
        path = string.Format(System.Globalization.CultureInfo.InvariantCulture, path, Guid.NewGuid());

        (await api.Nobody.GetAsync(path)).IsRefusal(401, "MISSING_TOKEN");
        (await api.NewUser().GetAsync($"{path}?nonsense=1")).IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
        var asked = await api.NewAdmin().GetAsync($"{path}?nonsense=1");
        asked.IsInvalid("nonsense");
    }

    [Fact]
    public async Task EventStats_AfterSalesACancellationAndAQueue_AddUp()
    {
        var admin = api.NewAdmin();
        var id = await api.CreateEventAsync(capacity: 8, price: 12.50m, creator: admin);
        var (ada, ben) = (api.NewUser(), api.NewUser());
        var booking = (await ada.BookAsync(id, 5)).Is(201).Id;
        (await ben.BookAsync(id, 3)).Is(201);
        (await api.NewUser().JoinAsync(id, 4)).Is(201);
        (await api.NewUser().JoinAsync(id, 3)).Is(201);
        (await ada.CancelAsync(booking)).Is(200);

        var stats = (await admin.GetAsync($"/api/events/{id}/stats")).Is(200);

        // Of the five that are free again, four are held for the first in line; the second waits for three.
        Assert.Equal(
            (8, 3, 4, 1, 1),
            (stats.Int("capacity"), stats.Int("booked"), stats.Int("held"), stats.Int("available"),
             stats.Int("waitlist_length")));
        Assert.Equal(37.50m, stats.Json.GetProperty("utilization_percentage").GetDecimal());
        Assert.Equal((2, 1), (stats.Int("bookings"), stats.Int("cancellations")));
        Assert.Equal("50.00", stats.Json.GetProperty("cancellation_rate").GetRawText());
        Assert.Equal("37.50", stats.Json.GetProperty("revenue").GetRawText());
        Assert.Equal("62.50", stats.Json.GetProperty("refunded").GetRawText());
        Assert.Equal((2, 1, 0), (stats.Int("waitlist_joins"), stats.Int("offers"), stats.Int("conversions")));

        var all = (await admin.GetAsync($"/api/admin/events/{id}/analytics?days=2")).Is(200).Json;
        Assert.Equal(stats.Json.GetRawText(), all.GetProperty("stats").GetRawText());
        var days = all.GetProperty("daily").EnumerateArray().ToArray();
        Assert.Equal(
            [$"{Today.AddDays(-1):yyyy-MM-dd}", $"{Today:yyyy-MM-dd}"],
            days.Select(day => day.GetProperty("date").GetString()!));
        Assert.Equal((0, 2), (Int(days[0], "bookings"), Int(days[1], "bookings")));
        Assert.Equal((8, 1), (Int(days[1], "tickets"), Int(days[1], "cancellations")));
        Assert.Equal(
            ["confirmed", "cancelled"],
            all.GetProperty("recent_bookings").EnumerateArray().Select(one => one.GetProperty("status").GetString()!));
    }

    [Theory]
    [InlineData("stats")]
    [InlineData("bookings/export")]
    public async Task EventReport_OfNoEvent_IsNotFound(string report)
    {
        (await api.NewAdmin().GetAsync($"/api/events/{Guid.NewGuid()}/{report}")).IsRefusal(404, "EVENT_NOT_FOUND");
        (await api.NewAdmin().GetAsync($"/api/events/no-id/{report}")).IsRefusal(404, "EVENT_NOT_FOUND");
    }

    [Fact]
    public async Task EventAnalytics_OfADeletedEvent_IsNotFound()
    {
        var admin = api.NewAdmin();
        var id = await api.CreateEventAsync(capacity: 8, creator: admin);
        (await admin.DeleteAsync($"/api/events/{id}")).Is(204);

        (await admin.GetAsync($"/api/admin/events/{id}/analytics")).IsRefusal(404, "EVENT_NOT_FOUND");
        (await admin.GetAsync($"/api/events/{id}/stats")).IsRefusal(404, "EVENT_NOT_FOUND");
    }

    [Theory]
    [InlineData("/api/bookings/analytics/daily?days=0", "days")]
    [InlineData("/api/bookings/analytics/daily?days=366", "days")]
    [InlineData("/api/bookings/analytics/daily?currency=usd", "currency")]
    [InlineData("/api/bookings/analytics/stats?currency=DOLLAR", "currency")]
    [InlineData("/api/bookings/analytics/stats?days=7", "days")]
    [InlineData("/api/admin/dashboard?currency=", "currency")]
    [InlineData("/api/events/analytics/popular?limit=51", "limit")]
    [InlineData("/api/events/analytics/popular?page=1", "page")]
    [InlineData("/api/admin/events?status=gone", "status")]
    public async Task Report_WithAFaultInItsQuery_NamesIt(string path, string member) =>
        (await api.NewAdmin().GetAsync(path)).IsInvalid(member);

    [Fact]
    public async Task Daily_HasARowForEachDayAndTodayLast()
    {
        var days = (await api.NewAdmin().GetAsync("/api/bookings/analytics/daily?days=365")).Is(200).Items;

        Assert.Equal(
            Enumerable.Range(0, 365).Select(back => $"{Today.AddDays(back - 364):yyyy-MM-dd}"),
            days.Select(day => day.GetProperty("date").GetString()!));
    }

    [Fact]
    public async Task Popular_RanksBySoldTickets_WithoutDraftsAndCancelledOnes()
    {
        var admin = api.NewAdmin();
        // More than any other test sells.
        var second = await SellAsync(900_001);
        var first = await SellAsync(900_002);
        var cancelled = await SellAsync(900_003);
        (await admin.PutAsync($"/api/events/{cancelled}", new { status = "cancelled" })).Is(200);
        var draft = await SellAsync(900_004);
        await api.Database.ExecuteAsync("UPDATE events SET status = 'draft' WHERE id = $1", draft);

        await Waiting.ForAsync(
            () => api.Nobody.GetAsync("/api/events/analytics/popular?limit=2"),
            answer => answer.Items.Select(item => item.GetProperty("id").GetGuid()).SequenceEqual([first, second]));

        var answer = (await api.Nobody.GetAsync("/api/events/analytics/popular?limit=2")).Is(200);
        Assert.Equal([1, 2], answer.Items.Select(item => Int(item, "rank")));
        Assert.Equal("90.00", answer.Items[0].GetProperty("utilization_percentage").GetRawText());
        Assert.Equal("public, max-age=1", answer.Headers.CacheControl?.ToString());
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/events/analytics/popular?limit=2");
        request.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        (await api.Nobody.SendAsync(request)).Is(304);

        // Counts alone: tens of thousands of requests would make the same.
        async Task<Guid> SellAsync(int tickets)
        {
            var id = await api.CreateEventAsync(capacity: 1_000_000, creator: admin);
            await api.Database.ExecuteAsync(
                "UPDATE event_inventory SET booked = $2, available = capacity - $2 WHERE event_id = $1", id, tickets);
            return id;
        }
    }

    [Fact]
    public async Task AdminEvents_ShowEveryStatusUnlessOneIsAskedFor()
    {
        var (admin, category) = (api.NewAdmin(), $"kind {Guid.NewGuid():N}");
        foreach (var status in (string[])["draft", "active", "cancelled", "deleted"])
        {
            var body = EventBody.With(("category", category), ("status", status == "draft" ? "draft" : "active"));
            var id = (await admin.PostAsync("/api/events", body)).Is(201).Id;
            if (status == "cancelled") (await admin.PutAsync($"/api/events/{id}", new { status })).Is(200);
            if (status == "deleted") (await admin.DeleteAsync($"/api/events/{id}")).Is(204);
        }

        Assert.Equal(["active", "cancelled", "draft"], await StatusesAsync(""));
        Assert.Equal(["draft"], await StatusesAsync("&status=draft"));
        Assert.Equal(["cancelled"], await StatusesAsync("&status=cancelled"));

        async Task<string[]> StatusesAsync(string filter) =>
        [
            .. (await admin.GetAsync($"/api/admin/events?category={category}{filter}")).Is(200).Items
                .Select(item => item.GetProperty("status").GetString()!).Order(),
        ];
    }

    private static int Int(JsonElement element, string member) => element.GetProperty(member).GetInt32();
}
