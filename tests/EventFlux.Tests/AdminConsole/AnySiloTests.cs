using EventFlux.Contracts.Users;
using EventFlux.Tests.Api;
using EventFlux.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace EventFlux.Tests.AdminConsole;

/// <summary>The console over several silos: no request needs to find the one before, and a page outlives its
/// silo.</summary>
[Collection(typeof(Alone))]
public sealed class AnySiloTests(PostgresServer server, Chromium browser)
{
    [Fact]
    public async Task OpenPage_ComesBackWhenItsSiloIsKilled()
    {
        await using var database = await server.CreateDatabaseAsync();
        var tokens = new TokenMint();
        var variables = ConsoleSilo.Variables(database, tokens.Secret);
        await using var first = await SiloProcess.StartReadyAsync(variables);
        await using var second = await SiloProcess.StartReadyAsync(new Dictionary<string, string?>(variables)
        {
            ["DASHBOARD_ENABLED"] = "false",
        });
        await using var balancer = new Balancer(first.Port, second.Port);
        var admin = new ApiCaller(first.Http, Guid.Empty, tokens.Issue(Guid.NewGuid(), UserRole.Admin));
        var body = new
        {
            name = "Night Train", venue = "Platform 9", event_date = TimeProvider.System.GetUtcNow().AddDays(9),
            capacity = 50, price = 5m,
        };
        Assert.Equal(404, (await new ApiCaller(second.Http, admin.Id, admin.Token).GetAsync("/dashboard/")).Status);
        var id = (await admin.PostAsync("/api/events", body)).Is(201).Id;
        await using var visit = new ConsoleVisit(await browser.NewWindowAsync(balancer.Address));
        await visit.SignInAsync($"/console/events/{id}", ConsoleSilo.AdminEmail);
        await visit.SeesHeadingAsync("Night Train");
        (await BookAsync(first, tokens, id)).Is(201);
        await Expect(visit.Figure("Available")).ToHaveTextAsync("49");

        // Which of the two holds the open page isn't known: each is killed in turn, and another takes its place.
        first.Kill();
        await Waiting.ForAsync(() => BookAsync(second, tokens, id), answer => answer.Status == 201);
        await Expect(visit.Figure("Available")).ToHaveTextAsync("48", new() { Timeout = 60_000 });

        await using var third = await SiloProcess.StartReadyAsync(new Dictionary<string, string?>(variables)
        {
            ["PORT"] = $"{first.Port}",
        });
        second.Kill();
        await Waiting.ForAsync(() => BookAsync(third, tokens, id), answer => answer.Status == 201);
        await Expect(visit.Figure("Available")).ToHaveTextAsync("47", new() { Timeout = 60_000 });
        await visit.SeesHeadingAsync("Night Train");
        await Expect(visit.Page.GetByText("The connection is lost")).ToBeHiddenAsync();
    }

    private static Task<ApiAnswer> BookAsync(SiloProcess silo, TokenMint tokens, Guid eventId)
    {
        var buyer = Guid.NewGuid();
        return new ApiCaller(silo.Http, buyer, tokens.Issue(buyer)).BookAsync(eventId);
    }
}
