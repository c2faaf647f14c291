using Deque.AxeCore.Playwright;
using EventFlux.Tests.Seats;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventFlux.Tests.AdminConsole;

/// <summary>Each page in both widths, light and dark: seen whole, judged by axe (WCAG 2.2 A and AA among others), and
/// kept as a picture in the folder <c>screenshots</c> beside the tests.</summary>
[Collection(typeof(SharedConsole))]
public sealed class PagesTests(ConsoleSilo silo, Chromium browser)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "screenshots");

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task EachPage_FitsAndIsAccessible(int width, ColorScheme colors)
    {
        var id = await SoldOutAsync();
        var seated = await SeatedAsync();
        await using var visit = new ConsoleVisit(await browser.NewWindowAsync(silo.Address.ToString(), width, colors));
        await visit.OpenAsync("/console");
        await JudgeAsync(visit, "sign-in", width, colors);
        await visit.SignInAsync("/console", ConsoleSilo.AdminEmail);
        (string Name, string Place)[] pages =
        [
            ("overview", "/console"),
            ("events", "/console/events"),
            ("event-new", "/console/events/new"),
            ("event-bookings", $"/console/events/{id}"),
            ("event-seats", $"/console/events/{seated}?tab=seats"),
            ("event-waitlist", $"/console/events/{id}?tab=waitlist"),
            ("event-analytics", $"/console/events/{id}?tab=analytics"),
            ("event-edit", $"/console/events/{id}?tab=edit"),
            ("users", "/console/users"),
            ("user", $"/console/users/{silo.Admin.Id}"),
            ("cluster", "/console/cluster"),
        ];
        foreach (var (name, place) in pages)
        {
            await visit.OpenAsync(place);
            await Expect(visit.Page.GetByLabel("Loading")).ToHaveCountAsync(0);
            await visit.IsAliveAsync();
            await JudgeAsync(visit, name, width, colors);
        }

        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task Keyboard_ReachesTheContentAndTheMenu()
    {
        await using var visit = await silo.VisitAsync();
        // A page begins at its heading, for who listens to it.
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();

        await PressUntilAsync(visit, "Shift+Tab", "Skip to the content");
        await PressUntilAsync(visit, "Tab", "Events");
        await visit.Page.Keyboard.PressAsync("Enter");

        await visit.SeesHeadingAsync("Events");
    }

    private static async Task PressUntilAsync(ConsoleVisit visit, string key, string link)
    {
        var wanted = visit.Page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true });
        for (var presses = 0; presses < 20; presses++)
        {
            await visit.Page.Keyboard.PressAsync(key);
            if (await wanted.EvaluateAsync<bool>("link => link === document.activeElement")) return;
        }

        Assert.Fail($"{key} never came to “{link}”.");
    }

    private async Task JudgeAsync(ConsoleVisit visit, string name, int width, ColorScheme colors)
    {
        Directory.CreateDirectory(Folder);
        await visit.Page.ScreenshotAsync(new()
        {
            FullPage = true,
            Animations = ScreenshotAnimations.Disabled,
            Path = Path.Combine(Folder, $"{name}-{width}-{colors.ToString().ToLowerInvariant()}.png"),
        });
        Assert.Equal(width, await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        var found = await visit.Page.RunAxe();
        Assert.True(
            found.Violations.Length == 0,
            $"{name} at {width}, {colors}: " + string.Join('\n', found.Violations.Select(violation =>
                $"{violation.Id}: {violation.Help} "
                + string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html)))));
    }

    private async Task<Guid> SoldOutAsync()
    {
        var id = await silo.CreateEventAsync("A Very Long Evening of Extraordinarily Well-Attended Chamber Music", 4);
        foreach (var quantity in (int[])[3, 1]) (await (await silo.SignUpAsync()).BookAsync(id, quantity)).Is(201);
        foreach (var quantity in (int[])[2, 1]) (await (await silo.SignUpAsync()).JoinAsync(id, quantity)).Is(201);
        return id;
    }

    /// <summary>A house with a curved front in two parts and a balcony, with seats in each state.</summary>
    private async Task<Guid> SeatedAsync()
    {
        var id = await silo.CreateEventAsync("Matinée");
        object Part(string code, string name, decimal price, int rows, int seats, double left, double top) => new
        {
            code,
            name,
            price,
            rows = Enumerable.Range(0, rows).Select(row => new
            {
                label = $"{(char)('A' + row)}",
                seats = Enumerable.Range(0, seats).Select(seat => new
                {
                    number = $"{seat + 1}",
                    x = left + seat,
                    y = top + (1.2 * row) - (0.02 * Math.Pow(left + seat - 14, 2)),
                    kind = row == rows - 1 && seat < 2 ? (seat == 0 ? "wheelchair" : "companion") : "standard",
                }),
            }),
        };
        var plan = new
        {
            focal_point = new { x = 14, y = 0 },
            sections = new[]
            {
                Part("LEFT", "Stalls left", 45m, 8, 14, 0, 8), Part("RIGHT", "Stalls right", 45m, 8, 14, 15.5, 8),
                Part("BALC", "Balcony", 28.5m, 4, 30, -0.5, 21),
            },
        };
        (await silo.Admin.PutAsync($"/api/events/{id}/seats", plan)).Is(200);
        string[] Seats(string row, int first, int count) =>
            [.. Enumerable.Range(first, count).Select(seat => $"{row}-{seat}")];
        foreach (var seats in (string[][])
                 [
                     Seats("LEFT-A", 9, 6), Seats("LEFT-B", 11, 4), Seats("RIGHT-A", 1, 8), Seats("RIGHT-C", 3, 2),
                 ])
            (await (await silo.SignUpAsync()).BookSeatsAsync(id, seats)).Is(201);
        (await (await silo.SignUpAsync()).HoldSeatsAsync(id, Seats("LEFT-C", 5, 3))).Is(201);
        (await silo.Admin.PutAsync(
            $"/api/events/{id}/seats/block", new { seat_ids = Seats("BALC-A", 12, 8), reason = "camera" })).Is(200);
        return id;
    }
}
