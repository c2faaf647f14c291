using System.Globalization;
using System.Net.Http.Headers;
using CsvHelper;
using EventFlux.Silo.Api;
using EventFlux.Tests.Analytics;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Api;

/// <summary>Lists as CSV files, read back by a reader of such files.</summary>
[Collection<SharedApi>]
public sealed class ExportTests(ApiFixture api)
{
    private const string Hostile = "=cmd|' /C calc'!A0, \"x\"\r\n@y";

    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task Bookings_AreThereNewestFirst_WithTheirNumbersAndNoFormulas()
    {
        var admin = api.NewAdmin();
        var id = await api.CreateEventAsync(capacity: 10, price: 12.50m, creator: admin);
        var (named, unknown) = (api.NewUser(), api.NewUser());
        await api.Database.ExecuteAsync(
            """
            INSERT INTO users (id, email, first_name, last_name, role, credential_version, created_at, updated_at,
                               credentials_changed_at)
            VALUES ($1, '+' || $1 || '@shop.example', $2, '名 🚀', 'user', 1, now(), now(), now())
            """,
            named.Id, Hostile);
        var first = (await named.BookAsync(id, 3)).Is(201);
        var second = (await unknown.BookAsync(id, 1)).Is(201);
        (await unknown.CancelAsync(second.Id)).Is(200);

        using var response = await GetAsync(admin, $"/api/events/{id}/bookings/export");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("text/csv; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            $"attachment; filename=\"event-{id}-bookings.csv\"",
            response.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal("2", response.Headers.GetValues("X-Total-Count").Single());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
        var rows = Read(text);
        Assert.Equal(
            [second.Text("booking_reference"), first.Text("booking_reference")],
            rows.Select(row => row["booking_reference"]));
        Assert.Equal(("cancelled", "", ""), (rows[0]["status"], rows[0]["first_name"], rows[0]["email"]));
        Assert.NotEqual("", rows[0]["cancelled_at"]);
        Assert.Equal(
            ("3", "12.50", "37.50", "USD"),
            (rows[1]["quantity"], rows[1]["unit_price"], rows[1]["total_amount"], rows[1]["currency"]));
        Assert.Equal(first.Text("booked_at"), rows[1]["booked_at"]);
        Assert.Equal("'" + Hostile.Replace("\n@", "\n'@", StringComparison.Ordinal), rows[1]["first_name"]);
        Assert.Equal("名 🚀", rows[1]["last_name"]);
        Assert.Equal($"'+{named.Id}@shop.example", rows[1]["email"]);
        Assert.Equal(named.Id.ToString(), rows[1]["user_id"]);

        var log = (await admin.GetAsync($"/api/admin/audit?subject={id}&action=event.export")).Is(200).Items;
        Assert.Equal(admin.Id, Assert.Single(log).GetProperty("actor_id").GetGuid());
        Assert.False(string.IsNullOrEmpty(log[0].GetProperty("trace_id").GetString()));
    }

    [Fact]
    public async Task Bookings_ByStrangers_AreRefusedAndNotInTheAuditLog()
    {
        var id = await api.CreateEventAsync(capacity: 10);
        var path = $"/api/events/{id}/bookings/export";

        (await api.Nobody.GetAsync(path)).IsRefusal(401, "MISSING_TOKEN");
        (await api.NewUser().GetAsync(path)).IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
        (await api.NewAdmin().GetAsync(path + "?page=1")).IsInvalid("page");

        Assert.Empty(
            (await api.NewAdmin().GetAsync($"/api/admin/audit?subject={id}&action=event.export")).Is(200).Items);
    }

    [Fact]
    public async Task Bookings_OfManyPages_AreEachThereOnce()
    {
        const int Count = 2_500;
        var id = await api.CreateEventAsync(capacity: 10_000);
        // Many at one instant, so that pages end between equals.
        await FillAsync(id, Count);

        using var response = await GetAsync(api.NewAdmin(), $"/api/events/{id}/bookings/export");
        var rows = Read(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal($"{Count}", response.Headers.GetValues("X-Total-Count").Single());
        Assert.Equal(Count, rows.Select(row => row["id"]).Distinct().Count());
        Assert.Equal(Count, rows.Count);
        Assert.Equal(rows.Select(row => row["booked_at"]).OrderDescending(), rows.Select(row => row["booked_at"]));
    }

    /// <summary>Each holds its place while its client reads slowly; who comes on top is told when to come
    /// back.</summary>
    [Fact]
    public async Task Exports_BeyondTheLimit_AreRefusedAtOnce_AndPlacesComeBack()
    {
        var (admin, id) = (api.NewAdmin(), await api.CreateEventAsync(capacity: 1_000_000));
        await FillAsync(id, 120_000);
        var path = $"/api/events/{id}/bookings/export";
        var held = new List<HttpResponseMessage>();
        for (var n = 0; n < CsvExports.AtOnce; n++) held.Add(await GetAsync(admin, path));

        var refusal = (await admin.GetAsync(path)).IsRefusal(503, "SERVICE_UNAVAILABLE");

        Assert.Equal(TimeSpan.FromSeconds(10), refusal.Headers.RetryAfter?.Delta);
        // A client that leaves frees its place.
        foreach (var response in held) response.Dispose();
        await Waiting.ForAsync(
            () => api.Client.SendAsync(
                Request(admin, "/api/bookings/analytics/daily/export"), TestContext.Current.CancellationToken),
            response => (int)response.StatusCode == 200);
    }

    [Fact]
    public async Task Export_ThatBreaks_IsNoWholeFile()
    {
        var (admin, id) = (api.NewAdmin(), await api.CreateEventAsync(capacity: 1_000_000));
        await FillAsync(id, 120_000);
        using var response = await GetAsync(admin, $"/api/events/{id}/bookings/export");
        // The next page can't be read.
        await api.Database.ExecuteAsync("ALTER TABLE bookings RENAME COLUMN reference TO renamed");
        try
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(
                () => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        finally
        {
            await api.Database.ExecuteAsync("ALTER TABLE bookings RENAME COLUMN renamed TO reference");
        }
    }

    [Fact]
    public async Task Daily_IsTheSameAsTheList()
    {
        var (admin, eventId) = (api.NewAdmin(), (await api.Database.CreateEventsAsync(1, "ISK"))[0]);
        await api.Database.AddAsync(eventId, Today.AddDays(-1), bookings: 4, cancellations: 1);
        var list = (await admin.GetAsync("/api/bookings/analytics/daily?days=3&currency=ISK")).Is(200).Items;

        using var response = await GetAsync(admin, "/api/bookings/analytics/daily/export?days=3&currency=ISK");
        var rows = Read(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal("3", response.Headers.GetValues("X-Total-Count").Single());
        Assert.Equal(
            $"attachment; filename=\"bookings-{Today.AddDays(-2):yyyy-MM-dd}-{Today:yyyy-MM-dd}.csv\"",
            response.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal(list.Select(day => day.GetProperty("date").GetString()), rows.Select(row => row["date"]));
        Assert.Equal(("50.00", "12.50", "ISK"), (rows[1]["revenue"], rows[1]["refunded"], rows[1]["currency"]));
        (await admin.GetAsync("/api/bookings/analytics/daily/export?days=400")).IsInvalid("days");
    }

    private static HttpRequestMessage Request(ApiCaller caller, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", caller.Token);
        return request;
    }

    /// <summary>A file's head; its rows are on their way.</summary>
    private async Task<HttpResponseMessage> GetAsync(ApiCaller caller, string path)
    {
        var response = await api.Client.SendAsync(Request(caller, path), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)response.StatusCode);
        return response;
    }

    private Task FillAsync(Guid eventId, int count) => api.Database.ExecuteAsync(
        """
        INSERT INTO bookings (id, event_id, user_id, reference, quantity, unit_price, currency, booked_at)
        SELECT gen_random_uuid(), $1, gen_random_uuid(), 'EVT-' || $1 || '-' || n, 1, 10, 'USD',
               '2029-01-01T00:00:00Z'::timestamptz - (n / 700) * interval '1 second'
          FROM generate_series(1, $2) AS n
        """,
        eventId, count);

    private static List<IDictionary<string, string>> Read(string text)
    {
        using var reader = new CsvReader(new StringReader(text), CultureInfo.InvariantCulture);
        return [.. reader.GetRecords<dynamic>().Select(row => (IDictionary<string, object>)row)
            .Select(row => row.ToDictionary(cell => cell.Key, cell => (string)cell.Value))];
    }
}
