using EventFlux.Tests.Seats;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventFlux.Tests.AdminConsole;

/// <summary>An event's seats in a browser: drawn, live, taken out of the sale, and asked for.</summary>
[Collection(typeof(SharedConsole))]
public sealed class SeatPlanPageTests(ConsoleSilo silo)
{
    /// <summary>A booking is on an open page within this time.</summary>
    private const int FreshMilliseconds = 5000;

    [Fact]
    public async Task Plan_IsDrawnWithEachSeatInItsState()
    {
        var id = await CreateHouseAsync("Drawn House");
        await BlockAsync(id, "F-1-1");
        (await (await silo.SignUpAsync()).HoldSeatsAsync(id, "F-1-2")).Is(201);
        (await (await silo.SignUpAsync()).BookSeatsAsync(id, "F-1-3", "B-2-6")).Is(201);

        await using var visit = await VisitAsync(id);

        await Expect(Seat(visit, "F-1-1, 40.00 USD, blocked")).ToBeVisibleAsync();
        await Expect(Seat(visit, "F-1-2, 40.00 USD, held")).ToBeVisibleAsync();
        await Expect(Seat(visit, "F-1-3, 40.00 USD, booked")).ToBeVisibleAsync();
        await Expect(Seat(visit, "B-2-6, 25.00 USD, booked")).ToBeVisibleAsync();
        await Expect(Seat(visit, "L-1-1, 30.00 USD, available, wheelchair")).ToBeVisibleAsync();
        await Expect(Seat(visit, "L-1-2, 30.00 USD, available, companion")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".house path.seat")).ToHaveCountAsync(26);
        await Expect(visit.Page.Locator(".house path.seat.available")).ToHaveCountAsync(22);
        await Expect(visit.Page.Locator(".letter")).ToHaveTextAsync(["W", "C"]);
        await Expect(visit.Page.Locator(".section-name"))
            .ToHaveTextAsync(["Section F, 40.00 USD", "Section B, 25.00 USD", "Lodge, 30.00 USD"]);
        await Expect(visit.Page.GetByLabel("Legend")).ToContainTextAsync("available 22");
        await Expect(visit.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Section F" }).Locator("td.number"))
            .ToHaveTextAsync(["40.00 USD", "12", "9", "1", "1", "1"]);
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Booking_TurnsItsSeatOnTheOpenPage_AndItsEndTurnsItBack()
    {
        var id = await CreateHouseAsync("Turning House");
        await using var visit = await VisitAsync(id);
        await Expect(Seat(visit, "B-1-2, 25.00 USD, available")).ToBeVisibleAsync();
        await visit.Page.EvaluateAsync("() => { window.wasNotReloaded = true; }");
        var buyer = await silo.SignUpAsync();

        var booking = (await buyer.BookSeatsAsync(id, "B-1-2")).Is(201);

        await Expect(Seat(visit, "B-1-2, 25.00 USD, booked")).ToBeVisibleAsync(new() { Timeout = FreshMilliseconds });
        await Expect(visit.Page.Locator(".house path.seat.booked")).ToHaveCountAsync(1);
        (await buyer.CancelAsync(booking.Id)).Is(200);
        await Expect(Seat(visit, "B-1-2, 25.00 USD, available"))
            .ToBeVisibleAsync(new() { Timeout = FreshMilliseconds });
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => window.wasNotReloaded"));
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task AnotherPlan_IsDrawnOnTheOpenPage()
    {
        var id = await CreateHouseAsync("Rebuilt House");
        await using var visit = await VisitAsync(id);
        await Expect(visit.Page.Locator(".house path.seat")).ToHaveCountAsync(26);

        await PutPlanAsync(id, SeatBodies.Section("N", 18m, 3, 3));

        await Expect(visit.Page.Locator(".house path.seat")).ToHaveCountAsync(9);
        await Expect(Seat(visit, "N-3-3, 18.00 USD, available")).ToBeVisibleAsync();
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task MarkedSeats_AreBlockedAndPutBack()
    {
        var id = await CreateHouseAsync("Blocked House");
        await using var visit = await VisitAsync(id);
        await Seat(visit, "F-2-4, 40.00 USD, available").ClickAsync();
        await visit.Page.Locator(".row-label").Filter(new() { HasText = "Select row B-1" }).ClickAsync();
        await visit.SeesAsync("7 selected.");
        string[] marked = ["B-1-1", "B-1-2", "B-1-3", "B-1-4", "B-1-5", "B-1-6", "F-2-4"];
        Assert.Equal(marked, await RingsAsync(visit, "picked"));

        await visit.ClickAsync("Block");
        await visit.SeesAsync("A reason is required.");
        await FillAsync(visit, "Reason", "camera");
        await visit.ClickAsync("Block");

        await visit.SeesAsync("7 seats are blocked.");
        await Expect(visit.Page.Locator(".house path.seat.blocked")).ToHaveCountAsync(7);
        await Expect(visit.Page.Locator(".ring.picked[data-seat]")).ToHaveCountAsync(0);
        Assert.Equal(19, await CapacityAsync(id));
        var buyer = await silo.SignUpAsync();
        (await buyer.HoldSeatsAsync(id, "F-2-4")).IsRefusal(409, "SEATS_UNAVAILABLE");

        await FillAsync(visit, "Ids of seats", "F-2-4, B-1-1");
        await visit.ClickAsync("Unblock");

        await visit.SeesAsync("2 seats are not blocked any more.");
        Assert.Equal(21, await CapacityAsync(id));
        (await buyer.HoldSeatsAsync(id, "F-2-4")).Is(201);
        await Expect(Seat(visit, "F-2-4, 40.00 USD, held")).ToBeVisibleAsync();
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task SeatsInTheWay_AreNamed()
    {
        var id = await CreateHouseAsync("Busy House");
        (await (await silo.SignUpAsync()).BookSeatsAsync(id, "F-1-5", "F-1-6")).Is(201);
        await using var visit = await VisitAsync(id);
        await FillAsync(visit, "Ids of seats", "F-1-4 F-1-5 F-1-6");
        await FillAsync(visit, "Reason", "camera");

        await visit.ClickAsync("Block");

        await visit.SeesAsync("In the way: F-1-5, F-1-6.");
        Assert.Equal(26, await CapacityAsync(id));
        await FillAsync(visit, "Ids of seats", "X-1-1");
        await visit.ClickAsync("Block");
        await visit.SeesAsync("not in the event's seat plan: X-1-1");
    }

    [Fact]
    public async Task Picker_ShowsTheSeatsThatAHoldGets()
    {
        var id = await CreateHouseAsync("Chosen House");
        await BlockAsync(id, "B-1-3");
        await using var visit = await VisitAsync(id);
        await FillAsync(visit, "Seats wanted", "3");
        await FillAsync(visit, "Highest price", "28.50");

        await visit.ClickAsync("Show best seats");

        await visit.SeesAsync("75.00 USD in all.");
        var shown = await RingsAsync(visit, "best");
        Assert.Equal(3, shown.Count);
        var held = (await (await silo.SignUpAsync()).HoldAsync(
            id, new { best_available = new { quantity = 3, max_price = 28.5m } })).Is(201);
        Assert.Equal(held.Seats().Order(StringComparer.Ordinal), shown);
        await visit.SeesAsync("Not all of them can be had any more.");

        await FillAsync(visit, "Seats wanted", "2");
        await FillAsync(visit, "Of them for wheelchairs", "1");
        await FillAsync(visit, "Highest price", "");
        await visit.ClickAsync("Show best seats");
        await visit.SeesAsync("60.00 USD in all.");
        Assert.Equal(["L-1-1", "L-1-2"], await RingsAsync(visit, "best"));
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Picker_TellsWhenNothingFits_AndWhatCannotBeAsked()
    {
        var id = await CreateHouseAsync("Full House");
        await using var visit = await VisitAsync(id);
        await FillAsync(visit, "Seats wanted", "7");
        await visit.Page.GetByLabel("Together or not at all").CheckAsync();
        await visit.Page.Locator("form select").SelectOptionAsync("B");
        await visit.ClickAsync("Show best seats");
        await visit.SeesAsync("Nothing fits.");

        await visit.Page.GetByLabel("Together or not at all").UncheckAsync();
        await visit.ClickAsync("Show best seats");
        await visit.SeesAsync("175.00 USD in all.");
        Assert.Equal(7, (await RingsAsync(visit, "best")).Count(seat => seat[0] == 'B'));

        await FillAsync(visit, "Seats wanted", "some");
        await visit.ClickAsync("Show best seats");
        await visit.SeesAsync("must be a whole number");
        await Expect(visit.Page.Locator(".ring.best[data-seat]")).ToHaveCountAsync(0);
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task LargeHouse_IsDrawnByRows_AndItsSectionsSeatBySeat()
    {
        var id = await silo.CreateEventAsync("Large House");
        await PutPlanAsync(id, SeatBodies.Section("M", 20m, 30, 100), SeatBodies.Section("S", 10m, 2, 50, y: 40));
        await using var visit = await VisitAsync(id);
        await Expect(visit.Page.Locator(".house path.seats")).ToHaveCountAsync(32 * 4);
        await Expect(visit.Page.Locator(".house path.seat")).ToHaveCountAsync(0);

        (await (await silo.SignUpAsync()).BookSeatsAsync(id, "S-2-1", "S-2-2")).Is(201);

        await Expect(Seat(visit, "S-2: 2 booked")).ToHaveCountAsync(1, new() { Timeout = FreshMilliseconds });
        await Expect(Seat(visit, "S-2: 48 available")).ToHaveCountAsync(1);
        await visit.Page.GetByLabel("Show").SelectOptionAsync(new SelectOptionValue { Label = "Section S" });
        await Expect(visit.Page.Locator(".house path.seat")).ToHaveCountAsync(100);
        await Expect(Seat(visit, "S-2-2, 10.00 USD, booked")).ToBeVisibleAsync();
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task SeatedEvent_TakesCapacityAndPriceFromThePlan()
    {
        var id = await CreateHouseAsync("Edited House");
        await using var visit = await silo.VisitAsync($"/console/events/{id}?tab=edit");
        await Expect(visit.Page.GetByLabel("Capacity")).ToHaveValueAsync("26");
        await Expect(visit.Page.GetByLabel("Capacity")).Not.ToBeEditableAsync();
        await Expect(visit.Page.GetByLabel("Price of a ticket")).Not.ToBeEditableAsync();

        await FillAsync(visit, "Venue", "The New Mill");
        await visit.ClickAsync("Save");

        await visit.SeesAsync("Saved.");
        Assert.Equal("The New Mill", (await silo.Admin.GetAsync($"/api/events/{id}")).Is(200).Text("venue"));
    }

    [Fact]
    public async Task EventWithoutSeats_HasNoSuchTab()
    {
        var id = await silo.CreateEventAsync("Standing Only");
        await using var visit = await silo.VisitAsync($"/console/events/{id}?tab=seats");

        await visit.SeesAsync("No bookings yet.");

        await Expect(visit.Page.Locator(".tabs a")).ToHaveTextAsync(["Bookings", "Waitlist", "Analytics", "Edit"]);
        await visit.OpenAsync($"/console/events/{id}?tab=edit");
        await Expect(visit.Page.GetByLabel("Capacity")).ToBeEditableAsync();
        await visit.OpenAsync($"/console/events/{await CreateHouseAsync("Seated Only")}");
        await Expect(visit.Page.Locator(".tabs a"))
            .ToHaveTextAsync(["Bookings", "Seats", "Waitlist", "Analytics", "Edit"]);
    }

    [Fact]
    public async Task PlainUser_IsRefused()
    {
        var id = await CreateHouseAsync("Closed House");
        await using var visit = await silo.VisitAsync(email: ConsoleSilo.UserEmail);

        var answer = await visit.Page.GotoAsync($"/console/events/{id}?tab=seats");

        Assert.Equal(403, answer!.Status);
        await visit.SeesHeadingAsync("This page is for admins");
        Assert.DoesNotContain("F-1-1", await answer.TextAsync(), StringComparison.Ordinal);
    }

    private static ILocator Seat(ConsoleVisit visit, string words) =>
        visit.Page.GetByRole(AriaRole.Img, new() { Name = words, Exact = true });

    /// <summary>The seats with such a ring, sorted.</summary>
    private static async Task<IReadOnlyList<string>> RingsAsync(ConsoleVisit visit, string look) =>
        await visit.Page.Locator($".ring.{look}[data-seat]").EvaluateAllAsync<string[]>(
            "rings => rings.map(ring => ring.dataset.seat).sort()");

    private static async Task FillAsync(ConsoleVisit visit, string label, string text)
    {
        await visit.Page.GetByLabel(label).FillAsync(text);
        await visit.Page.GetByLabel(label).BlurAsync();
    }

    private async Task<ConsoleVisit> VisitAsync(Guid id)
    {
        var visit = await silo.VisitAsync($"/console/events/{id}?tab=seats");
        await Expect(visit.Page.Locator(".house")).ToBeVisibleAsync();
        return visit;
    }

    private async Task BlockAsync(Guid id, params string[] seats) =>
        (await silo.Admin.PutAsync(
            $"/api/events/{id}/seats/block", new { seat_ids = seats, reason = "camera" })).Is(200);

    private async Task<int> CapacityAsync(Guid id) =>
        (await silo.Admin.GetAsync($"/api/events/{id}")).Is(200).Json.GetProperty("capacity").GetInt32();

    /// <summary>Two rows of six in front, two behind them, and a lodge with a place for a wheelchair.</summary>
    private async Task<Guid> CreateHouseAsync(string name)
    {
        var id = await silo.CreateEventAsync(name);
        var lodge = new
        {
            code = "L",
            name = "Lodge",
            price = 30m,
            rows = new[]
            {
                new
                {
                    label = "1",
                    seats = new[]
                    {
                        new { number = "1", x = 10, y = 3, kind = "wheelchair" },
                        new { number = "2", x = 11, y = 3, kind = "companion" },
                    },
                },
            },
        };
        await PutPlanAsync(id, SeatBodies.Section("F", 40m, 2, 6), SeatBodies.Section("B", 25m, 2, 6, y: 5), lodge);
        return id;
    }

    private async Task PutPlanAsync(Guid id, params object[] sections) =>
        (await silo.Admin.PutAsync($"/api/events/{id}/seats", SeatBodies.Plan(sections))).Is(200);
}
