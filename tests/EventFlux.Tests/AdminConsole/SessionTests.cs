using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using EventFlux.Silo.AdminConsole.Session;
using EventFlux.Tests.Fixtures;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EventFlux.Tests.AdminConsole;

/// <summary>Who gets into the console, how, and for how long.</summary>
[Collection(typeof(SharedConsole))]
public sealed partial class SessionTests(ConsoleSilo silo, Chromium browser)
{
    [Fact]
    public async Task Stranger_IsLedToTheSignInAndBack()
    {
        await using var visit = new ConsoleVisit(await browser.NewWindowAsync(silo.Address.ToString()));

        await visit.SignInAsync("/console/events?status=active", ConsoleSilo.AdminEmail);

        await visit.SeesHeadingAsync("Events");
        Assert.EndsWith("/console/events?status=active", visit.Page.Url, StringComparison.Ordinal);
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task WrongPassword_IsToldAndTheAddressKept()
    {
        await using var visit = new ConsoleVisit(await browser.NewWindowAsync(silo.Address.ToString()));

        await visit.SignInAsync("/console", ConsoleSilo.AdminEmail, "not the password");

        await Expect(visit.Page.GetByRole(AriaRole.Alert))
            .ToHaveTextAsync("The e-mail address or the password is wrong.");
        await Expect(visit.Page.GetByLabel("E-mail")).ToHaveValueAsync(ConsoleSilo.AdminEmail);
    }

    [Fact]
    public async Task PlainUser_IsRefusedEachPage()
    {
        await using var visit = await silo.VisitAsync(email: ConsoleSilo.UserEmail);

        foreach (var place in (string[])["/console", "/console/events", "/console/users", "/console/cluster"])
        {
            var answer = await visit.Page.GotoAsync(place);
            Assert.Equal(403, answer!.Status);
            await visit.SeesHeadingAsync("This page is for admins");
        }

        Assert.Equal(403, (await visit.Page.GotoAsync("/dashboard/"))!.Status);
    }

    [Fact]
    public async Task Page_WhoseFirstConnectionsAreLost_ComesToLife()
    {
        await using var visit = await silo.VisitAsync();
        var connections = 0;
        await visit.Page.RouteWebSocketAsync("**/_blazor**", socket =>
        {
            // The second is that of the page that has been loaded anew.
            if (Interlocked.Increment(ref connections) <= 2) _ = socket.CloseAsync();
            else socket.ConnectToServer();
        });

        await visit.Page.GotoAsync("/console/events");

        await Expect(visit.Page.Locator("main:not([aria-busy])")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        Assert.Equal(3, Volatile.Read(ref connections));
    }

    /// <summary>With a silo that is killed while it sends a page.</summary>
    [Theory]
    [InlineData("console.*.js")]
    [InlineData("blazor.web.*.js")]
    [InlineData("MudBlazor.min.*.js")]
    [InlineData("console.*.css")]
    public async Task Page_ThatHasLostAFile_ComesToLife(string file)
    {
        await using var visit = await silo.VisitAsync();
        var requests = 0;
        await visit.Page.RouteAsync($"**/{file}", route =>
            Interlocked.Increment(ref requests) == 1 ? route.AbortAsync() : route.ContinueAsync());

        await visit.Page.GotoAsync("/console/events");

        await Wait.UntilAsync(
            () => Volatile.Read(ref requests) == 2, TimeSpan.FromSeconds(20),
            () => $"{file} was asked for {requests} times");
        await Expect(visit.Page.Locator("main:not([aria-busy])")).ToBeVisibleAsync(new() { Timeout = 20_000 });
    }

    [Fact]
    public async Task Token_IsInNoStorageAndNoScriptCanReadIt()
    {
        await using var visit = await silo.VisitAsync();
        await visit.SeesHeadingAsync("Overview");

        var cookie = Assert.Single(
            await visit.Page.Context.CookiesAsync(), cookie => cookie.Name == "eventflux-session");
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Lax, cookie.SameSite);
        var held = await visit.Page.EvaluateAsync<string>(
            "() => document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)"
            + " + document.documentElement.outerHTML");
        Assert.DoesNotContain(cookie.Value, held, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", held.Split("<!--Blazor")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookie_IsNothingToTheApi()
    {
        await using var visit = await silo.VisitAsync();
        await visit.SeesHeadingAsync("Overview");

        var status = await visit.Page.EvaluateAsync<int>(
            "() => fetch('/api/admin/users').then(answer => answer.status)");

        Assert.Equal(401, status);
    }

    [Fact]
    public async Task SignOut_EndsTheSession()
    {
        await using var visit = await silo.VisitAsync();
        await visit.SeesHeadingAsync("Overview");

        await visit.ClickAsync("Sign out");
        await visit.SeesHeadingAsync("EventFlux console");
        await visit.OpenAsync("/console");

        await visit.SeesHeadingAsync("EventFlux console");
    }

    [Fact]
    public async Task SignOut_EndsTheOtherTabsToo()
    {
        await using var visit = await silo.VisitAsync();
        await visit.SeesHeadingAsync("Overview");
        var other = await visit.Page.Context.NewPageAsync();
        await other.GotoAsync("/console/events");
        await Expect(other.Locator("main:not([aria-busy])")).ToBeVisibleAsync();

        await visit.ClickAsync("Sign out");

        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "EventFlux console" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task RoleTakenAway_EndsTheOpenPage()
    {
        var email = $"deputy-{Guid.NewGuid():N}@shop.example";
        var deputy = await silo.SignUpAsync(email);
        (await silo.Admin.PutAsync($"/api/admin/users/{deputy.Id}/role", new { role = "admin" })).Is(200);
        await using var visit = await silo.VisitAsync(email: email);
        await visit.SeesHeadingAsync("Overview");

        (await silo.Admin.PutAsync($"/api/admin/users/{deputy.Id}/role", new { role = "user" })).Is(200);

        await visit.SeesHeadingAsync("EventFlux console");
    }

    [Fact]
    public async Task FormFromElsewhere_IsRefused()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["email"] = ConsoleSilo.AdminEmail, ["password"] = ConsoleSilo.Password,
        });
        using var answer = await silo.Http.PostAsync("/console/sign-in", form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain(
            answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [],
            cookie => cookie.Contains("session", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SocketFromElsewhere_IsRefused()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "https://elsewhere.example");
        socket.Options.SetRequestHeader("Cookie", $"eventflux-session={silo.Admin.Token}");
        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(
            new($"ws://{silo.Address.Authority}/_blazor"), TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Theory]
    [InlineData("/console", "/console")]
    [InlineData("/console/events?page=2", "/console/events?page=2")]
    [InlineData("/dashboard/", "/dashboard/")]
    [InlineData("https://elsewhere.example", "/console")]
    [InlineData("//elsewhere.example/console", "/console")]
    [InlineData("/console/../api", "/console")]
    [InlineData("/console\\..\\x", "/console")]
    [InlineData("/console.elsewhere.example", "/console")]
    [InlineData("/console/\r\nSet-Cookie: x", "/console")]
    [InlineData(null, "/console")]
    public void ReturnPlace_IsOursAlone(string? asked, string expected) =>
        Assert.Equal(expected, ReturnPlace.Of(asked));

    [Fact]
    public async Task Dashboard_IsForAdminsByCookieOrToken()
    {
        await using var visit = await silo.VisitAsync("/dashboard/");
        await Expect(visit.Page.GetByText("Total Activations", new() { Exact = false }).First).ToBeVisibleAsync();
        Assert.Empty(visit.Faults);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/dashboard/", null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/dashboard/", silo.Admin.Token));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/dashboard/", (await silo.SignUpAsync()).Token));
    }

    [Theory]
    [InlineData("/dashboard", HttpStatusCode.MovedPermanently)]
    [InlineData("/dashboard/index.min.js", HttpStatusCode.OK)]
    [InlineData("/dashboard/Reminders/1", HttpStatusCode.OK)]
    [InlineData("/dashboard/no-such-page", HttpStatusCode.NotFound)]
    public async Task DashboardPart_SaysWhatItIsToAdminsAlone(string path, HttpStatusCode expected)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(path, null));

        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        http.BaseAddress = silo.Http.BaseAddress;
        using var answer = await http.SendAsync(
            Request(path, silo.Admin.Token), TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Contains("script-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single());
    }

    [Fact]
    public async Task Dashboard_DoesNotShowStoredState()
    {
        var counters = await BodyAsync("/dashboard/DashboardCounters");
        var type = Assert.IsType<string>(GrainType().Match(counters).Value);

        Assert.NotEmpty(type);
        Assert.Equal(
            HttpStatusCode.NotFound,
            await StatusAsync(
                $"/dashboard/GrainState?grainId={silo.Admin.Id}&grainType=EventFlux.Grains.Users.UserGrain",
                silo.Admin.Token));
    }

    private async Task<HttpStatusCode> StatusAsync(string path, string? token)
    {
        using var answer = await silo.Http.SendAsync(Request(path, token), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private async Task<string> BodyAsync(string path)
    {
        using var answer = await silo.Http.SendAsync(
            Request(path, silo.Admin.Token), TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static HttpRequestMessage Request(string path, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    [GeneratedRegex("UserGrain|MaintenanceGrain|DashboardGrain")]
    private static partial Regex GrainType();
}
