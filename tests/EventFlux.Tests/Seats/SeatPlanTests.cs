using EventFlux.Tests.Api;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Seats;

/// <summary>Seat plans: made, copied, changed and sold by the seat.</summary>
public sealed class SeatPlanTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Plan_GivesTheEventItsCapacityAndPrice()
    {
        var admin = api.NewAdmin();
        var house = await api.CreateHouseAsync(admin);

        var row = (await admin.GetAsync($"/api/events/{house}")).Is(200);

        Assert.Equal((20, 20), (row.Int("capacity"), row.Int("available_tickets")));
        Assert.Equal("25.00", row.Json.GetProperty("price").GetRawText());
        Assert.True(row.Json.GetProperty("seated").GetBoolean());
        (await admin.PutAsync($"/api/events/{house}", new { capacity = 30 })).IsInvalid("capacity");
        (await admin.PutAsync($"/api/events/{house}", new { capacity = 20, name = "Another" })).Is(200);
    }

    [Fact]
    public async Task NamedSeats_AreBookedAtTheirOwnPrices()
    {
        var (admin, user) = (api.NewAdmin(), api.NewUser());
        var house = await api.CreateHouseAsync(admin);

        var booking = (await user.BookSeatsAsync(house, "F-1-1", "B-2-5")).Is(201);

        Assert.Equal(["F-1-1", "B-2-5"], booking.Seats());
        Assert.Equal("65.00", booking.Json.GetProperty("total_amount").GetRawText());
        Assert.Equal("null", booking.Json.GetProperty("unit_price").GetRawText());
        var read = (await user.GetAsync($"/api/bookings/{booking.Id}")).Is(200);
        Assert.Equal(booking.Json.GetRawText(), read.Json.GetRawText());
        (await admin.GetAsync($"/api/events/{house}/stats")).Is(200);
        var refused = (await api.NewUser().BookSeatsAsync(house, "F-1-1", "F-1-2"))
            .IsRefusal(409, "SEATS_UNAVAILABLE");
        Assert.Equal("F-1-1", Assert.Single(refused.Json.GetProperty("seat_ids").EnumerateArray()).GetString());
        (await api.NewUser().BookSeatsAsync(house, "F-9-9")).IsInvalid("seat_ids");
    }

    [Fact]
    public async Task CancelledSeats_AreForSaleAgain_AndTheBookingStillNamesThem()
    {
        var (admin, user) = (api.NewAdmin(), api.NewUser());
        var house = await api.CreateHouseAsync(admin);
        var booking = (await user.BookSeatsAsync(house, "F-1-1", "B-2-5")).Is(201);

        var cancelled = (await user.CancelAsync(booking.Id)).Is(200);

        Assert.Equal(["F-1-1", "B-2-5"], cancelled.Seats());
        (await api.NewUser().BookSeatsAsync(house, "F-1-1")).Is(201);
        var stats = (await admin.GetAsync($"/api/events/{house}/stats")).Is(200);
        Assert.Equal("40.00", stats.Json.GetProperty("revenue").GetRawText());
    }

    [Fact]
    public async Task Quantity_IsTheBestThatAreAvailable()
    {
        var (house, user) = (await api.CreateHouseAsync(api.NewAdmin()), api.NewUser());

        var booking = (await user.BookAsync(house, 3)).Is(201);

        // In the middle of the five it would leave a single seat on either side.
        Assert.Equal(["F-1-1", "F-1-2", "F-1-3"], booking.Seats());
    }

    [Fact]
    public async Task BestAvailable_KeepsToSectionAndPrice()
    {
        var house = await api.CreateHouseAsync(api.NewAdmin());
        object Best(object wish) => new { best_available = wish };

        var cheap = (await api.NewUser().HoldAsync(house, Best(new { quantity = 2, max_price = 30 }))).Is(201);
        var back = (await api.NewUser().HoldAsync(house, Best(new { quantity = 2, section = "B" }))).Is(201);
        var tooMany = await api.NewUser().HoldAsync(house, Best(new { quantity = 6, section = "F", together = true }));

        Assert.All(cheap.Seats().Concat(back.Seats()), seat => Assert.StartsWith("B-", seat, StringComparison.Ordinal));
        tooMany.IsRefusal(409, "INSUFFICIENT_AVAILABILITY");
        (await api.NewUser().HoldAsync(house, Best(new { quantity = 2, section = "Z" }))).IsInvalid("seat_ids");
    }

    [Fact]
    public async Task SeatsInUse_StayWithTheirPrice_WhenThePlanChanges()
    {
        var (admin, user, holder) = (api.NewAdmin(), api.NewUser(), api.NewUser());
        var house = await api.CreateHouseAsync(admin);
        var booking = (await user.BookSeatsAsync(house, "F-1-1")).Is(201);
        var hold = (await holder.HoldSeatsAsync(house, "F-1-2")).Is(201);

        var shrunk = await admin.PutAsync(
            $"/api/events/{house}/seats", SeatBodies.Plan(SeatBodies.Section("B", 25m, 2, 5)));
        var dearer = (await admin.PutAsync(
            $"/api/events/{house}/seats", SeatBodies.Plan(SeatBodies.Section("F", 90m, 1, 6)))).Is(200);

        shrunk.IsRefusal(409, "SEATS_IN_USE");
        Assert.Equal(6, dearer.Int("capacity"));
        Assert.Equal("40.00", (await holder.BookHoldAsync(house, hold.Id)).Is(201)
            .Json.GetProperty("total_amount").GetRawText());
        Assert.Equal("90.00", (await api.NewUser().BookSeatsAsync(house, "F-1-3")).Is(201)
            .Json.GetProperty("total_amount").GetRawText());
        Assert.Equal("40.00", (await user.GetAsync($"/api/bookings/{booking.Id}")).Is(200)
            .Json.GetProperty("total_amount").GetRawText());
    }

    [Fact]
    public async Task Plan_IsCopiedFromAnotherEvent()
    {
        var admin = api.NewAdmin();
        var house = await api.CreateHouseAsync(admin);
        var other = await api.CreateEventAsync(capacity: 3, creator: admin);

        (await admin.PutAsync($"/api/events/{other}/seats", new { copy_from = house })).Is(200);

        (await api.NewUser().BookSeatsAsync(other, "B-2-1")).Is(201);
        (await admin.PutAsync($"/api/events/{other}/seats", new { copy_from = Guid.NewGuid() })).IsInvalid("copy_from");
    }

    [Fact]
    public async Task Plan_ComesTooLate_OnceTicketsWithoutSeatsAreSold()
    {
        var admin = api.NewAdmin();
        var concert = await api.CreateEventAsync(capacity: 3, creator: admin);
        (await api.NewUser().BookAsync(concert)).Is(201);

        (await admin.PutAsync($"/api/events/{concert}/seats", SeatBodies.Plan(SeatBodies.Section("A", 1m, 1, 3))))
            .IsRefusal(409, "SEATS_IN_USE");
        (await api.NewUser().BookSeatsAsync(concert, "A-1-1")).IsInvalid("seat_ids");
    }

    [Theory]
    [InlineData("{}", "sections")]
    [InlineData("""{"sections": []}""", "sections")]
    [InlineData("""{"sections": [{"code": "A B", "name": "x", "price": 1.234, "rows": []}]}""",
        "sections[0].code", "sections[0].price", "sections[0].rows")]
    [InlineData("""
        {"sections": [{"code": "A", "name": "", "price": 1, "rows": [{"label": "1", "seats": [
          {"number": "1", "x": 0, "y": 0}, {"number": "1", "x": 0, "y": 0}, {"number": "2", "x": 9e99, "y": 0},
          {"number": "3", "x": 0, "y": 0, "kind": "throne"}, null]}]}]}
        """,
        "sections[0].name", "sections[0].rows[0].seats[1].number", "sections[0].rows[0].seats[2]",
        "sections[0].rows[0].seats[3]", "sections[0].rows[0].seats[4]")]
    public async Task FaultyPlan_IsToldAllItsFaults(string body, params string[] members)
    {
        var admin = api.NewAdmin();
        var concert = await api.CreateEventAsync(capacity: 2, creator: admin);

        (await admin.PutAsync($"/api/events/{concert}/seats", body)).IsInvalid(members);
    }

    [Fact]
    public async Task LargestPlan_IsTaken_AndALargerRefused()
    {
        var admin = api.NewAdmin();
        var concert = await api.CreateEventAsync(capacity: 2, creator: admin);

        var taken = (await admin.PutAsync(
            $"/api/events/{concert}/seats", SeatBodies.Plan(SeatBodies.Section("A", 1m, 1000, 100)))).Is(200);

        Assert.Equal(100_000, taken.Int("capacity"));
        Assert.Equal(5, (await api.NewUser().BookAsync(concert, 5)).Is(201).Seats().Length);
        (await admin.PutAsync(
            $"/api/events/{concert}/seats", SeatBodies.Plan(SeatBodies.Section("A", 1m, 1001, 100))))
            .IsInvalid("sections");
    }

    [Fact]
    public async Task StaleOrForeignPlan_IsRefused()
    {
        var (admin, other) = (api.NewAdmin(), api.NewUser());
        var concert = await api.CreateEventAsync(capacity: 2, creator: admin);
        var plan = SeatBodies.Plan(SeatBodies.Section("A", 1m, 1, 3));
        var request = new HttpRequestMessage(HttpMethod.Put, $"/api/events/{concert}/seats")
        {
            Content = new StringContent(System.Text.Json.JsonSerializer.Serialize(plan), null, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("If-Match", "\"7.1\"");

        (await admin.SendAsync(request)).IsRefusal(412, "PRECONDITION_FAILED");
        (await other.PutAsync($"/api/events/{concert}/seats", plan)).IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
        var block = new { seat_ids = (string[])["A-1-1"], reason = "x" };
        (await admin.PutAsync($"/api/events/{concert}/seats/block", block))
            .IsRefusal(404, "SEAT_PLAN_NOT_FOUND");
    }

    [Fact]
    public async Task LargeBody_IsReadFromAdminsAlone()
    {
        var concert = await api.CreateEventAsync(capacity: 2);
        var plan = SeatBodies.Plan(SeatBodies.Section("A", 1m, 50, 50));

        (await api.NewUser().PutAsync($"/api/events/{concert}/seats", plan)).IsRefusal(413, "BODY_TOO_LARGE");
        (await api.NewAdmin().PutAsync($"/api/events/{concert}/seats", plan)).Is(200);
    }

    /// <summary>As a silo of the release before would commit, which knows nothing of seats.</summary>
    [Fact]
    public async Task CommitThatKnowsNoSeats_IsRefusedAtAnEventThatHasSome()
    {
        const string Commit = """
            SELECT count(fence_event(event_id, version, capacity, available - 1, booked + 1, held, waiting)::text)
              FROM event_inventory WHERE event_id = $1
            """;
        var (house, concert) = (await api.CreateHouseAsync(api.NewAdmin()), await api.CreateEventAsync(capacity: 2));

        var refusal = await Assert.ThrowsAsync<PostgresException>(
            () => api.Database.ScalarAsync<long>(Commit, house));
        await api.Database.ScalarAsync<long>(Commit, concert);

        Assert.Equal("EF001", refusal.SqlState);
        Assert.Equal(1, await api.Database.ScalarAsync<int>(
            "SELECT available FROM event_inventory WHERE event_id = $1", concert));
    }
}
