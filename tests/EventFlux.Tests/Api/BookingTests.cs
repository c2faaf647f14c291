using System.Text.RegularExpressions;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Api;

/// <summary>Buying and looking up, over HTTP.</summary>
[Collection<SharedApi>]
public sealed class BookingTests(ApiFixture api)
{
    private static readonly string[] WholeBooking =
    [
        "booked_at", "booking_reference", "cancelled_at", "currency", "event_date", "event_id", "event_name", "id",
        "quantity", "seats", "status", "total_amount", "unit_price", "user_id", "venue",
    ];

    private static readonly string[] ShortForm =
        ["booking_reference", "event_date", "event_name", "quantity", "status", "venue"];

    [Fact]
    public async Task Book_FreeTickets_AnswersTheBookingThatCanBeRead()
    {
        var user = api.NewUser();
        var eventId = await api.CreateEventAsync(capacity: 10, price: 12.5m);

        var booked = (await user.BookAsync(eventId, 3)).Is(201);

        Assert.Equal(WholeBooking, Members(booked));
        Assert.Equal((eventId, user.Id),
            (booked.Json.GetProperty("event_id").GetGuid(), booked.Json.GetProperty("user_id").GetGuid()));
        Assert.Equal(("A concert", "A hall", "USD", "confirmed"),
            (booked.Text("event_name"), booked.Text("venue"), booked.Text("currency"), booked.Text("status")));
        Assert.Equal(("12.50", "37.50"),
            (booked.Json.GetProperty("unit_price").GetRawText(), booked.Json.GetProperty("total_amount").GetRawText()));
        Assert.Null(booked.Text("cancelled_at"));
        Assert.EndsWith("Z", booked.Text("booked_at"));
        Assert.Matches(new Regex("^EVT-[0-9A-HJKMNP-TV-Z]{13}$"), booked.Text("booking_reference"));
        var read = (await user.GetAsync(booked.Headers.Location!.ToString())).Is(200);
        Assert.Equal(booked.Json.GetRawText(), read.Json.GetRawText());
    }

    [Fact]
    public async Task Book_ThePriceChangesLater_KeepsWhatWasPaid()
    {
        var (user, admin) = (api.NewUser(), api.NewAdmin());
        var eventId = await api.CreateEventAsync(capacity: 10, price: 20m);
        var booked = (await user.BookAsync(eventId, 2)).Is(201);

        (await admin.PutAsync($"/api/events/{eventId}", new { price = 35, name = "Another name" })).Is(200);

        var read = (await user.GetAsync($"/api/bookings/{booked.Id}")).Is(200);
        Assert.Equal("40.00", read.Json.GetProperty("total_amount").GetRawText());
        Assert.Equal("Another name", read.Text("event_name"));
    }

    [Fact]
    public async Task Get_SomebodyElses_IsNotFoundButToAdmins()
    {
        var booked = (await api.NewUser().BookAsync(await api.CreateEventAsync(capacity: 10))).Is(201);

        (await api.NewUser().GetAsync($"/api/bookings/{booked.Id}")).IsRefusal(404, "BOOKING_NOT_FOUND");
        (await api.NewAdmin().GetAsync($"/api/bookings/{booked.Id}")).Is(200);
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("0190c0de-0000-7000-8000-000000000000")]
    [InlineData("not-a-uuid")]
    [InlineData("%20")]
    public async Task GetAndCancel_AnUnknownId_AreNotFound(string id)
    {
        var user = api.NewUser();

        (await user.GetAsync($"/api/bookings/{id}")).IsRefusal(404, "BOOKING_NOT_FOUND");
        (await user.PutAsync($"/api/bookings/{id}/cancel")).IsRefusal(404, "BOOKING_NOT_FOUND");
    }

    [Fact]
    public async Task ByReference_ShowsAsMuchAsTheCallerMaySee()
    {
        var owner = api.NewUser();
        var booked = (await owner.BookAsync(await api.CreateEventAsync(capacity: 10), 2)).Is(201);
        var path = $"/api/bookings/reference/{booked.Text("booking_reference")}";

        Assert.Equal(WholeBooking, Members((await owner.GetAsync(path)).Is(200)));
        Assert.Equal(WholeBooking, Members((await api.NewAdmin().GetAsync(path)).Is(200)));
        Assert.Equal(ShortForm, Members((await api.NewUser().GetAsync(path)).Is(200)));
        var anonymous = (await api.Nobody.GetAsync(path)).Is(200);
        Assert.Equal(ShortForm, Members(anonymous));
        Assert.Equal((2, "confirmed"), (anonymous.Int("quantity"), anonymous.Text("status")));
    }

    [Fact]
    public async Task ByReference_AsAPersonTypesIt_FindsTheBooking()
    {
        // A reference with both digits that are mistaken for letters.
        var id = (await api.NewUser().BookAsync(await api.CreateEventAsync(capacity: 10))).Is(201).Id;
        await api.Database.ExecuteAsync("UPDATE bookings SET reference = 'EVT-01ABCDEFGHJKM' WHERE id = $1", id);

        foreach (var typed in (string[])["evt-01abcdefghjkm", "EVT-OIABCDEFGHJKM", "Evt-olAbcDefghjkm"])
        {
            var found = (await api.Nobody.GetAsync($"/api/bookings/reference/{typed}")).Is(200);
            Assert.Equal("EVT-01ABCDEFGHJKM", found.Text("booking_reference"));
        }
    }

    [Theory]
    [InlineData("EVT-0000000000000")]
    [InlineData("EVT-")]
    [InlineData("EVT-01ABCDEFGHJKU")]
    [InlineData("EVT-01ABCDEFGHJKM0")]
    [InlineData("01ABCDEFGHJKM")]
    [InlineData("EVT-%27%20OR%201%3D1")]
    [InlineData("%F0%9F%8E%AB")]
    public async Task ByReference_NotOne_IsNotFound(string reference) =>
        (await api.Nobody.GetAsync($"/api/bookings/reference/{reference}")).IsRefusal(404, "BOOKING_NOT_FOUND");

    [Fact]
    public async Task List_OwnBookings_NewestFirstInPages()
    {
        var (user, other) = (api.NewUser(), api.NewUser());
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            var eventId = await api.CreateEventAsync(capacity: 10);
            ids.Insert(0, (await user.BookAsync(eventId)).Is(201).Id);
            (await other.BookAsync(eventId)).Is(201);
        }

        var first = (await user.GetAsync("/api/bookings?limit=2")).Is(200);
        var last = (await user.GetAsync("/api/bookings?limit=2&page=3")).Is(200);
        var beyond = (await user.GetAsync("/api/bookings?page=2147483647&limit=100")).Is(200);

        Assert.Equal(ids[..2], Ids(first));
        Assert.Equal(
            (1, 2, 5, 3), (first.Int("page"), first.Int("limit"), first.Int("total"), first.Int("total_pages")));
        Assert.Equal(ids[4..], Ids(last));
        Assert.Empty(beyond.Items);
        Assert.Equal(10, (await user.GetAsync("/api/bookings")).Is(200).Int("limit"));
        Assert.Equal(0, (await api.NewUser().GetAsync("/api/bookings")).Is(200).Int("total_pages"));
    }

    [Fact]
    public async Task List_ByStatusAndUpcoming_ShowsThoseAlone()
    {
        var user = api.NewUser();
        var kept = (await user.BookAsync(await api.CreateEventAsync(capacity: 10))).Is(201).Id;
        var cancelled = (await user.BookAsync(await api.CreateEventAsync(capacity: 10))).Is(201).Id;
        (await user.CancelAsync(cancelled)).Is(200);
        var pastEvent = await api.CreateEventAsync(capacity: 10);
        var past = (await user.BookAsync(pastEvent)).Is(201).Id;
        await api.Database.ExecuteAsync(
            "UPDATE events SET event_date = now() - interval '1 hour' WHERE id = $1", pastEvent);

        Assert.Equal([past, kept], Ids(await user.GetAsync("/api/bookings?status=confirmed")));
        Assert.Equal([cancelled], Ids(await user.GetAsync("/api/bookings?status=cancelled")));
        Assert.Equal([cancelled, kept], Ids(await user.GetAsync("/api/bookings?upcoming_only=true")));
        Assert.Equal([kept], Ids(await user.GetAsync("/api/bookings?upcoming_only=true&status=confirmed")));
        Assert.Equal(3, (await user.GetAsync("/api/bookings?upcoming_only=false")).Int("total"));
    }

    [Fact]
    public async Task ListOfEvent_IsForItsCreatorAndAdmins()
    {
        var creator = api.NewAdmin();
        var eventId = await api.CreateEventAsync(capacity: 10, creator: creator);
        var (first, second) = (await api.NewUser().BookAsync(eventId), await api.NewUser().BookAsync(eventId));
        var path = $"/api/events/{eventId}/bookings";

        Assert.Equal([second.Id, first.Id], Ids((await creator.GetAsync(path)).Is(200)));
        Assert.Equal([first.Id], Ids((await api.NewAdmin().GetAsync($"{path}?page=2&limit=1")).Is(200)));
        (await api.NewUser().GetAsync(path)).IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
        (await api.Nobody.GetAsync(path)).IsRefusal(401, "MISSING_TOKEN");
        (await creator.GetAsync($"/api/events/{Guid.NewGuid()}/bookings")).IsRefusal(404, "EVENT_NOT_FOUND");
    }

    private static string[] Members(ApiAnswer answer) =>
        [.. answer.Json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)];

    private static Guid[] Ids(ApiAnswer list) =>
        [.. list.Is(200).Items.Select(item => item.GetProperty("id").GetGuid())];
}
