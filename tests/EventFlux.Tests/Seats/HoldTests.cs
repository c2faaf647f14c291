using System.Text.Json;
using EventFlux.Tests.Api;

namespace EventFlux.Tests.Seats;

/// <summary>Tickets set aside for a checkout, with and without seats.</summary>
public sealed class HoldTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Hold_OfGeneralAdmission_CountsAsHeldAndIsBooked()
    {
        var (concert, user) = (await api.CreateEventAsync(capacity: 5, price: 12.5m), api.NewUser());

        var hold = (await user.HoldAsync(concert, new { quantity = 3 })).Is(201);

        Assert.Equal($"/api/events/{concert}/holds/{hold.Id}", hold.Headers.Location?.ToString());
        Assert.Equal(("open", 3), (hold.Text("status"), hold.Int("quantity")));
        Assert.Equal("37.50", hold.Json.GetProperty("total_amount").GetRawText());
        Assert.Equal(JsonValueKind.Null, hold.Json.GetProperty("seats").ValueKind);
        await AssertCountsAsync(concert, available: 2, booked: 0, held: 3);
        (await api.NewUser().BookAsync(concert, 3)).IsRefusal(409, "INSUFFICIENT_AVAILABILITY");

        var booking = (await user.BookHoldAsync(concert, hold.Id)).Is(201);

        Assert.Equal(3, booking.Int("quantity"));
        await AssertCountsAsync(concert, available: 2, booked: 3, held: 0);
        Assert.Equal("booked", (await user.GetAsync($"/api/events/{concert}/holds/{hold.Id}")).Is(200).Text("status"));
        Assert.Empty((await user.GetAsync("/api/holds")).Is(200).Items);
    }

    [Fact]
    public async Task Hold_KeepsItsPrice()
    {
        var (admin, user) = (api.NewAdmin(), api.NewUser());
        var concert = await api.CreateEventAsync(capacity: 5, price: 10m, creator: admin);
        var hold = (await user.HoldAsync(concert, new { quantity = 2 })).Is(201);
        (await admin.PutAsync($"/api/events/{concert}", new { price = 99m })).Is(200);

        var booking = (await user.BookHoldAsync(concert, hold.Id)).Is(201);

        Assert.Equal("20.00", booking.Json.GetProperty("total_amount").GetRawText());
        var stats = (await admin.GetAsync($"/api/events/{concert}/stats")).Is(200);
        Assert.Equal("20.00", stats.Json.GetProperty("revenue").GetRawText());
    }

    [Fact]
    public async Task SecondHold_IsRefusedAndNamesTheFirst()
    {
        var (concert, user) = (await api.CreateEventAsync(capacity: 9), api.NewUser());
        var hold = (await user.HoldAsync(concert, new { quantity = 2 })).Is(201);

        var again = (await user.HoldAsync(concert, new { quantity = 2 })).IsRefusal(409, "HOLD_EXISTS");
        var booked = (await user.BookAsync(concert)).IsRefusal(409, "HOLD_EXISTS");
        var joined = (await user.JoinAsync(concert, 9)).IsRefusal(409, "HOLD_EXISTS");

        Assert.All([again, booked, joined], answer => Assert.Equal(hold.Id.ToString(), answer.Text("hold_id")));
    }

    [Fact]
    public async Task Released_GoesToTheWaiting()
    {
        var (concert, user, next) = (await api.CreateEventAsync(capacity: 2), api.NewUser(), api.NewUser());
        var hold = (await user.HoldAsync(concert, new { quantity = 2 })).Is(201);
        (await next.JoinAsync(concert, 2)).Is(201);

        (await user.DeleteAsync($"/api/events/{concert}/holds/{hold.Id}")).Is(204);

        Assert.Single((await next.GetAsync("/api/waitlist/notifications")).Is(200).Items);
        (await user.DeleteAsync($"/api/events/{concert}/holds/{hold.Id}")).IsRefusal(404, "HOLD_NOT_FOUND");
        (await user.BookHoldAsync(concert, hold.Id)).IsRefusal(404, "HOLD_NOT_FOUND");
    }

    [Fact]
    public async Task Extended_OnceAndByAsMuch()
    {
        var (concert, user) = (await api.CreateEventAsync(capacity: 2), api.NewUser());
        var hold = (await user.HoldAsync(concert, new { quantity = 2 })).Is(201);
        Assert.True(hold.Json.GetProperty("can_extend").GetBoolean());

        var extended = (await user.PutAsync($"/api/events/{concert}/holds/{hold.Id}/extend")).Is(200);

        Assert.False(extended.Json.GetProperty("can_extend").GetBoolean());
        Assert.Equal(TimeSpan.FromMinutes(10), At(extended, "expires_at") - At(hold, "expires_at"));
        Assert.Equal(TimeSpan.FromMinutes(10), At(hold, "expires_at") - At(hold, "held_at"));
        (await user.PutAsync($"/api/events/{concert}/holds/{hold.Id}/extend"))
            .IsRefusal(409, "HOLD_ALREADY_EXTENDED");
    }

    [Fact]
    public async Task Holder_OfAnOffer_TakesItToTheCheckout()
    {
        var (concert, buyer, waiting) = (await api.CreateEventAsync(capacity: 2), api.NewUser(), api.NewUser());
        var booking = (await buyer.BookAsync(concert, 2)).Is(201);
        (await waiting.JoinAsync(concert, 2)).Is(201);
        (await buyer.CancelAsync(booking.Id)).Is(200);
        (await waiting.HoldAsync(concert, new { quantity = 3 })).IsRefusal(409, "INSUFFICIENT_AVAILABILITY");

        var hold = (await waiting.HoldAsync(concert, new { quantity = 1 })).Is(201);

        await AssertCountsAsync(concert, available: 1, booked: 0, held: 1);
        Assert.Empty((await waiting.GetAsync("/api/waitlist/notifications")).Is(200).Items);
        (await waiting.BookHoldAsync(concert, hold.Id)).Is(201);
    }

    [Fact]
    public async Task Hold_IsNobodyElses()
    {
        var (concert, user, other) = (await api.CreateEventAsync(capacity: 2), api.NewUser(), api.NewUser());
        var hold = (await user.HoldAsync(concert, new { quantity = 1 })).Is(201);
        var place = $"/api/events/{concert}/holds/{hold.Id}";

        (await other.GetAsync(place)).IsRefusal(404, "HOLD_NOT_FOUND");
        (await other.PutAsync($"{place}/extend")).IsRefusal(404, "HOLD_NOT_FOUND");
        (await other.DeleteAsync(place)).IsRefusal(404, "HOLD_NOT_FOUND");
        (await other.BookHoldAsync(concert, hold.Id)).IsRefusal(404, "HOLD_NOT_FOUND");
        (await api.Nobody.GetAsync(place)).IsRefusal(401, "MISSING_TOKEN");
        Assert.Single((await user.GetAsync("/api/holds")).Is(200).Items);
    }

    [Fact]
    public async Task Repeat_WithTheSameKey_AnswersTheSameHold()
    {
        var (concert, user) = (await api.CreateEventAsync(capacity: 9), api.NewUser());

        var first = (await user.HoldAsync(concert, new { quantity = 2 }, "k")).Is(201);
        var repeat = (await user.HoldAsync(concert, new { quantity = 2 }, "k")).Is(201);

        Assert.Equal(first.Id, repeat.Id);
        (await user.HoldAsync(concert, new { quantity = 3 }, "k")).IsRefusal(422, "IDEMPOTENCY_KEY_REUSED");
        (await user.BookHoldAsync(concert, first.Id, "b")).Is(201);
        var booked = (await user.BookHoldAsync(concert, first.Id, "b")).Is(201);
        Assert.Equal(2, booked.Int("quantity"));
    }

    [Fact]
    public async Task Hold_SurvivesARestart()
    {
        var (house, user) = (await api.CreateHouseAsync(api.NewAdmin()), api.NewUser());
        var hold = (await user.HoldSeatsAsync(house, "F-1-3", "F-1-4")).Is(201);

        await api.RestartAsync();

        (await api.NewUser().HoldSeatsAsync(house, "F-1-3")).IsRefusal(409, "SEATS_UNAVAILABLE");
        var booking = (await api.Caller(user.Id, Contracts.Users.UserRole.User).BookHoldAsync(house, hold.Id)).Is(201);
        Assert.Equal(["F-1-3", "F-1-4"], booking.Seats());
    }

    [Theory]
    [InlineData("{}", "quantity")]
    [InlineData("""{"quantity": 11}""", "quantity")]
    [InlineData("""{"quantity": 2, "seat_ids": ["A-1-1"]}""", "seat_ids")]
    [InlineData("""{"seat_ids": []}""", "seat_ids")]
    [InlineData("""{"seat_ids": ["A-1-1", "A-1-1"]}""", "seat_ids")]
    [InlineData("""{"seat_ids": ["<script>"]}""", "seat_ids")]
    [InlineData("""{"best_available": {}}""", "best_available.quantity")]
    [InlineData("""{"best_available": {"quantity": 2, "wheelchairs": 3}}""", "best_available.wheelchairs")]
    [InlineData("""{"best_available": {"quantity": 2, "max_price": -1}}""", "best_available.max_price")]
    [InlineData("""{"quantity": 1, "best_available": {"quantity": 2}}""", "best_available")]
    public async Task FaultyBody_IsRefusedByName(string body, string member)
    {
        var concert = await api.CreateEventAsync(capacity: 2);

        (await api.NewUser().HoldAsync(concert, body)).IsInvalid(member);
    }

    private static DateTimeOffset At(ApiAnswer answer, string member) =>
        answer.Json.GetProperty(member).GetDateTimeOffset();

    private async Task AssertCountsAsync(Guid id, int available, int booked, int held)
    {
        var row = (await api.NewAdmin().GetAsync($"/api/events/{id}")).Is(200);
        Assert.Equal(
            (available, booked, held),
            (row.Int("available_tickets"), row.Int("booked_tickets"), row.Int("held_tickets")));
    }
}
