using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventFlux.Tests.AdminConsole;

/// <summary>An organiser's day: an event from its creation to its end, in a browser.</summary>
[Collection(typeof(SharedConsole))]
public sealed class EventPagesTests(ConsoleSilo silo)
{
    [Fact]
    public async Task NewEvent_IsJudgedByTheApisRulesAndCreated()
    {
        var name = $"Harvest Ball {Guid.NewGuid():N}";
        await using var visit = await silo.VisitAsync("/console/events/new");
        await visit.SeesHeadingAsync("New event");
        await FillAsync(visit, "Name", name);
        await FillAsync(visit, "Begins (UTC)", "some day");
        await FillAsync(visit, "Capacity", "2000000");
        await visit.ClickAsync("Create event");
        await visit.SeesAsync("must be a date and time such as 2030-05-01 18:30");
        await visit.SeesAsync("must be between 1 and 1000000");
        await visit.SeesAsync("is required");

        await FillAsync(visit, "Venue", "The Old Mill");
        await FillAsync(visit, "Begins (UTC)", "2040-05-01 18:30");
        await FillAsync(visit, "Capacity", "120");
        await FillAsync(visit, "Price of a ticket", "12.50");
        await visit.ClickAsync("Create event");

        await visit.SeesHeadingAsync(name);
        await Expect(visit.Figure("Available")).ToHaveTextAsync("120");
        var id = Guid.Parse(visit.Page.Url.Split('/')[^1]);
        var stored = (await silo.Admin.GetAsync($"/api/events/{id}")).Is(200);
        Assert.Equal("2040-05-01T18:30:00Z", stored.Text("event_date"));
        Assert.Equal("First Admin", stored.Text("created_by_name"));
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Booking_ArrivesOnTheOpenPage_AndIsCancelledThere()
    {
        var id = await silo.CreateEventAsync("Lantern Walk");
        await using var visit = await silo.VisitAsync($"/console/events/{id}");
        await visit.SeesAsync("No bookings yet.");
        var buyer = await silo.SignUpAsync();

        var booked = (await buyer.BookAsync(id, 3)).Is(201);

        await Expect(visit.Figure("Available")).ToHaveTextAsync("97");
        var reference = booked.Text("booking_reference")!;
        var row = visit.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = reference });
        await Expect(row).ToContainTextAsync("Nora Quist");
        await Expect(row).ToContainTextAsync("37.50 USD");

        await row.GetByRole(AriaRole.Button, new() { Name = $"Cancel booking {reference}" }).ClickAsync();
        await visit.AnswerAsync("Cancel booking");

        await Expect(row).ToContainTextAsync("cancelled");
        await Expect(visit.Figure("Available")).ToHaveTextAsync("100");
        Assert.Equal("cancelled", (await buyer.GetAsync($"/api/bookings/{booked.Id}")).Is(200).Text("status"));
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Bookings_AreFilteredAndSearched()
    {
        var id = await silo.CreateEventAsync("Chess Night");
        var (kept, given) = (await BookAsync(id), await BookAsync(id));
        (await given.Buyer.CancelAsync(given.Id)).Is(200);
        await using var visit = await silo.VisitAsync($"/console/events/{id}");
        await visit.CountsAsync("2 bookings");

        await visit.Page.GetByLabel("Status").SelectOptionAsync("cancelled");
        await visit.CountsAsync("1 booking");
        await visit.SeesAsync(given.Reference);

        await visit.OpenAsync($"/console/events/{id}");
        await visit.Page.GetByLabel("Search reference, name, e-mail").FillAsync(kept.Reference[..9]);
        await visit.CountsAsync("1 booking");
        await visit.SeesAsync(kept.Reference);
        await visit.Page.GetByLabel("Search reference, name, e-mail").FillAsync("nobody");
        await visit.SeesAsync("No booking matches.");
        await Expect(visit.Page).ToHaveURLAsync(new Regex("search=nobody"));
    }

    [Fact]
    public async Task Export_SavesEveryBooking()
    {
        var id = await silo.CreateEventAsync("Poetry Slam");
        var bookings = new[] { await BookAsync(id), await BookAsync(id), await BookAsync(id) };
        await using var visit = await silo.VisitAsync($"/console/events/{id}");
        await visit.CountsAsync("3 bookings");

        var saving = visit.Page.WaitForDownloadAsync();
        await visit.ClickAsync("Export CSV");
        var file = await saving;
        await visit.SeesAsync("3 rows saved.");

        Assert.EndsWith(".csv", file.SuggestedFilename, StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(await file.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(4, text.Trim().Split('\n').Length);
        Assert.All(bookings, booking => Assert.Contains(booking.Reference, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task DailyExport_SavesAYear()
    {
        await using var visit = await silo.VisitAsync("/console/events");

        var saving = visit.Page.WaitForDownloadAsync();
        await visit.ClickAsync("Export daily figures");
        await saving;

        await visit.SeesAsync("365 rows saved.");
    }

    [Fact]
    public async Task Edit_ChangesWhatWasTyped_AndLosesToAnEarlierOne()
    {
        var id = await silo.CreateEventAsync("Jam Session");
        await using var visit = await silo.VisitAsync($"/console/events/{id}?tab=edit");
        await FillAsync(visit, "Capacity", "150");
        await visit.ClickAsync("Save");
        await visit.SeesAsync("Saved.");
        await Expect(visit.Figure("Available")).ToHaveTextAsync("150");

        (await silo.Admin.PutAsync($"/api/events/{id}", new { venue = "The New Mill" })).Is(200);
        await FillAsync(visit, "Price of a ticket", "15");
        await visit.ClickAsync("Save");

        await visit.SeesAsync("The event has changed since");
        var stored = (await silo.Admin.GetAsync($"/api/events/{id}")).Is(200);
        Assert.Equal("The New Mill", stored.Text("venue"));
        Assert.Equal(12.5m, stored.Json.GetProperty("price").GetDecimal());
    }

    [Fact]
    public async Task Waitlist_IsShownInOrderWithOffers()
    {
        var id = await silo.CreateEventAsync("Cellar Concert", capacity: 2);
        var sold = await BookAsync(id, 2);
        var (first, second) = (await silo.SignUpAsync(), await silo.SignUpAsync());
        (await first.JoinAsync(id, 2)).Is(201);
        (await second.JoinAsync(id)).Is(201);
        await using var visit = await silo.VisitAsync($"/console/events/{id}?tab=waitlist");
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(2);
        await Expect(visit.Page.Locator("tbody tr").First).ToContainTextAsync("waiting");

        (await sold.Buyer.CancelAsync(sold.Id)).Is(200);

        await Expect(visit.Page.Locator("tbody tr").First).ToContainTextAsync("notified");
        await Expect(visit.Page.Locator("tbody tr").First).ToContainTextAsync("in 14 min");
        await Expect(visit.Page.Locator("tbody tr").Nth(1)).ToContainTextAsync("waiting");
        await Expect(visit.Figure("Held")).ToHaveTextAsync("2");
    }

    [Fact]
    public async Task CancelEvent_AsksThenCallsEverythingOff()
    {
        var id = await silo.CreateEventAsync("Rained Out");
        var booking = await BookAsync(id);
        await using var visit = await silo.VisitAsync($"/console/events/{id}");
        await visit.CountsAsync("1 booking");

        await visit.ClickAsync("Delete");
        await visit.AnswerAsync("Delete");
        await visit.SeesAsync("The event has confirmed bookings; it can be cancelled instead.");

        await visit.ClickAsync("Cancel event");
        await visit.AnswerAsync("Cancel event");
        await visit.SeesAsync("The event is cancelled.");

        await Expect(visit.Figure("Booked")).ToHaveTextAsync("0");
        Assert.Equal(
            "cancelled", (await booking.Buyer.GetAsync($"/api/bookings/{booking.Id}")).Is(200).Text("status"));
    }

    [Fact]
    public async Task EventList_IsSearchedByWords()
    {
        var word = $"Zither{Guid.NewGuid():N}"[..14];
        await silo.CreateEventAsync($"{word} Recital");
        await using var visit = await silo.VisitAsync("/console/events");

        await visit.Page.GetByLabel("Search name, venue, description").FillAsync(word.ToLowerInvariant());

        await visit.CountsAsync("1 event");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = $"{word} Recital" }).ClickAsync();
        await visit.SeesHeadingAsync($"{word} Recital");
    }

    private async Task<(Api.ApiCaller Buyer, Guid Id, string Reference)> BookAsync(Guid eventId, int quantity = 1)
    {
        var buyer = await silo.SignUpAsync();
        var booking = (await buyer.BookAsync(eventId, quantity)).Is(201);
        return (buyer, booking.Id, booking.Text("booking_reference")!);
    }

    /// <summary>Waits for the page to be alive first: what is typed before that would be overwritten.</summary>
    private static async Task FillAsync(ConsoleVisit visit, string label, string text)
    {
        await visit.IsAliveAsync();
        await visit.Page.GetByLabel(label).FillAsync(text);
        await visit.Page.GetByLabel(label).BlurAsync();
    }
}
