using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventFlux.Tests.AdminConsole;

/// <summary>The overview, users and cluster: what they show is what is.</summary>
[Collection(typeof(SharedConsole))]
public sealed class OverviewTests(ConsoleSilo silo)
{
    [Fact]
    public async Task Pulse_RisesWhileBookingsAreMade()
    {
        var id = await silo.CreateEventAsync("Rush Hour", capacity: 1000);
        await using var visit = await silo.VisitAsync();
        var pulse = visit.Page.GetByTestId("pulse");
        await Expect(pulse).ToBeVisibleAsync();
        using var sale = new CancellationTokenSource();

        var selling = SellAsync(id, sale.Token);
        await Expect(pulse).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[1-9]"));
        await sale.CancelAsync();
        await selling;

        await Expect(pulse).ToHaveTextAsync("0.0");
    }

    [Fact]
    public async Task Figures_FollowASale()
    {
        await using var visit = await silo.VisitAsync();
        var bookings = visit.Figure("Bookings, 30 days");
        await Expect(bookings).ToBeVisibleAsync();
        var id = await silo.CreateEventAsync("One More");
        var before = (await silo.Admin.GetAsync("/api/bookings/analytics/stats")).Is(200)
            .Json.GetProperty("bookings").GetInt64();

        (await (await silo.SignUpAsync()).BookAsync(id)).Is(201);

        // Other tests sell, too: at least so many.
        await visit.Page.WaitForFunctionAsync(
            $$"""
            least => [...document.querySelectorAll('.figure')].some(figure =>
              figure.querySelector('dt').textContent === 'Bookings, 30 days'
              && parseInt(figure.querySelector('dd').textContent.replace(',', '')) >= least)
            """,
            before + 1);
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task User_IsFoundAndMadeAnAdmin()
    {
        var email = $"rising-{Guid.NewGuid():N}@shop.example";
        var rising = await silo.SignUpAsync(email);
        await using var visit = await silo.VisitAsync("/console/users");
        await visit.Page.GetByLabel("Search name or e-mail").FillAsync(email);
        await visit.CountsAsync("1 user");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Nora Quist" }).ClickAsync();
        await visit.SeesAsync(email);

        await visit.ClickAsync("Make an admin");
        await visit.AnswerAsync("Change role");

        await visit.SeesAsync("The role is changed.");
        Assert.Equal(
            "admin", (await silo.Admin.GetAsync($"/api/admin/users/{rising.Id}")).Is(200).Json.GetProperty("role")
                .GetString());
    }

    [Fact]
    public async Task Cluster_ShowsTheSilo()
    {
        await using var visit = await silo.VisitAsync("/console/cluster");

        await Expect(visit.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "127.0.0.1" }))
            .ToContainTextAsync("active");
        await Expect(visit.Figure("Database")).ToContainTextAsync("ok");
        var requests = await visit.Figure("Requests, 5 minutes").InnerTextAsync();
        Assert.True(int.Parse(requests.Split('\n')[0].Replace(",", ""), CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public async Task UnknownPlace_IsNotFound()
    {
        await using var visit = await silo.VisitAsync();
        await visit.SeesHeadingAsync("Overview");

        Assert.Equal(404, (await visit.Page.GotoAsync("/console/nowhere"))!.Status);

        await visit.SeesHeadingAsync("There is no such page");
    }

    private async Task SellAsync(Guid id, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            (await (await silo.SignUpAsync()).BookAsync(id)).Is(201);
    }
}
