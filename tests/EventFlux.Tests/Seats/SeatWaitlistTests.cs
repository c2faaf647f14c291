using EventFlux.Tests.Api;

namespace EventFlux.Tests.Seats;

/// <summary>Who waits for seats, and what they are offered.</summary>
public sealed class SeatWaitlistTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task BlockedSeats_AreOutOfTheSale_AndComeBackForTheWaiting()
    {
        var (admin, waiting) = (api.NewAdmin(), api.NewUser());
        var house = await api.CreateHouseAsync(admin, seatsOfRow: 2);
        string[] front = ["F-1-1", "F-1-2"];

        var blocked = (await admin.PutAsync(
            $"/api/events/{house}/seats/block", new { seat_ids = front, reason = "Camera" })).Is(200);

        Assert.Equal((6, 6), (blocked.Int("capacity"), blocked.Int("available_tickets")));
        (await api.NewUser().HoldSeatsAsync(house, "F-1-1")).IsRefusal(409, "SEATS_UNAVAILABLE");
        foreach (var row in (string[])["F-2", "B-1", "B-2"])
            (await api.NewUser().BookSeatsAsync(house, $"{row}-1", $"{row}-2")).Is(201);
        (await admin.PutAsync($"/api/events/{house}/seats/block", new { seat_ids = (string[])["F-2-1"], reason = "x" }))
            .IsRefusal(409, "SEATS_IN_USE");
        (await waiting.PostAsync(
            "/api/waitlist/join", new { event_id = house, quantity = 2, sections = (string[])["F"] })).Is(201);

        (await admin.PutAsync($"/api/events/{house}/seats/unblock", new { seat_ids = front })).Is(200);

        var offer = Assert.Single((await waiting.GetAsync("/api/waitlist/notifications")).Is(200).Items);
        Assert.Equal(2, offer.GetProperty("seats").GetArrayLength());
        var booking = (await waiting.BookAsync(house, 2)).Is(201);
        Assert.Equal(front, booking.Seats());
    }

    [Fact]
    public async Task Waiting_IsForSectionsAndForSeatsSideBySide()
    {
        var (house, first, second) = (await api.CreateHouseAsync(api.NewAdmin(), 2), api.NewUser(), api.NewUser());
        var bookings = new Dictionary<string, (ApiCaller Buyer, Guid Id)>();
        string[] rows = ["F-1", "F-2", "B-1", "B-2"];
        foreach (var seat in rows.SelectMany(row => (string[])[$"{row}-1", $"{row}-2"]))
        {
            var buyer = api.NewUser();
            bookings[seat] = (buyer, (await buyer.BookSeatsAsync(house, seat)).Is(201).Id);
        }

        (await first.PostAsync(
            "/api/waitlist/join", new { event_id = house, quantity = 2, sections = (string[])["F"] })).Is(201);
        (await second.JoinAsync(house, 2)).Is(201);
        (await api.NewUser().PostAsync(
            "/api/waitlist/join", new { event_id = house, quantity = 2, sections = (string[])["Z"] }))
            .IsInvalid("sections");

        // Two free seats in different rows are nothing to who wants two side by side.
        foreach (var seat in (string[])["F-1-1", "F-2-1", "B-1-1"])
            (await bookings[seat].Buyer.CancelAsync(bookings[seat].Id)).Is(200);
        Assert.Empty((await first.GetAsync("/api/waitlist/notifications")).Is(200).Items);
        (await bookings["B-1-2"].Buyer.CancelAsync(bookings["B-1-2"].Id)).Is(200);
        Assert.Empty((await first.GetAsync("/api/waitlist/notifications")).Is(200).Items);
        Assert.Single((await second.GetAsync("/api/waitlist/notifications")).Is(200).Items);
        (await bookings["F-1-2"].Buyer.CancelAsync(bookings["F-1-2"].Id)).Is(200);

        var offer = Assert.Single((await first.GetAsync("/api/waitlist/notifications")).Is(200).Items);
        Assert.Equal(
            ["F-1-1", "F-1-2"],
            offer.GetProperty("seats").EnumerateArray().Select(seat => seat.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task OfferThatIsNotAsWished_StaysOpen()
    {
        var (house, waiting) = (await api.CreateHouseAsync(api.NewAdmin(), seatsOfRow: 1), api.NewUser());
        var buyers = new Dictionary<string, (ApiCaller Buyer, Guid Id)>();
        foreach (var seat in (string[])["F-1-1", "F-2-1", "B-1-1", "B-2-1"])
        {
            var buyer = api.NewUser();
            buyers[seat] = (buyer, (await buyer.BookSeatsAsync(house, seat)).Is(201).Id);
        }

        (await waiting.JoinAsync(house)).Is(201);
        (await buyers["F-1-1"].Buyer.CancelAsync(buyers["F-1-1"].Id)).Is(200);

        foreach (var wish in (object[])[
            new { quantity = 1, max_price = 30 }, new { quantity = 1, section = "B" },
            new { quantity = 1, wheelchairs = 1 }])
            (await waiting.HoldAsync(house, new { best_available = wish }))
                .IsRefusal(409, "INSUFFICIENT_AVAILABILITY");

        Assert.Single((await waiting.GetAsync("/api/waitlist/notifications")).Is(200).Items);
        var front = new { quantity = 1, section = "F" };
        var hold = (await waiting.HoldAsync(house, new { best_available = front })).Is(201);
        Assert.Equal(["F-1-1"], hold.Seats());
    }
}
