using System.Text.Json;

namespace EventFlux.Tests.Api;

/// <summary>Going on where a page ended. Whoever walks a list with a token sees no cache.</summary>
[Collection<SharedApi>]
public sealed class CursorTests(ApiFixture api)
{
    private readonly ApiCaller _admin = api.NewAdmin();
    private readonly string _category = $"{Guid.NewGuid():N}";

    [Theory]
    [InlineData("sort_by=event_date")]
    [InlineData("sort_by=event_date&sort_order=desc")]
    [InlineData("sort_by=price")]
    [InlineData("sort_by=price&sort_order=desc")]
    [InlineData("sort_by=capacity")]
    [InlineData("sort_by=capacity&sort_order=desc")]
    [InlineData("sort_by=name")]
    [InlineData("sort_by=name&sort_order=desc")]
    [InlineData("search=quartet&available_only=true")]
    public async Task Events_WhileOthersComeAndGo_AreSeenOnceInOrder(string query)
    {
        for (var i = 0; i < 7; i++) await CreateAsync(i / 2);
        var path = $"/api/events?category={_category}&{query}";
        var before = Ids(await _admin.GetAsync($"{path}&limit=100"));
        Assert.Equal(7, before.Length);

        var seen = await WalkAsync(_admin, $"{path}&limit=2", async soFar =>
        {
            // What comes sorts in front, behind and in between; what goes was in front.
            foreach (var rank in (int[])[-1, 1, 9]) await CreateAsync(rank);
            if (before.Contains(soFar[0])) (await _admin.DeleteAsync($"/api/events/{soFar[0]}")).Is(204);
        });

        Assert.Equal(seen.Distinct(), seen);
        Assert.Equal(before, seen.Where(before.Contains));
    }

    [Fact]
    public async Task OwnBookings_WhileMoreAreMade_AreSeenOnceNewestFirst()
    {
        var user = api.NewUser();
        var booked = new List<Guid>();
        for (var i = 0; i < 5; i++) booked.Insert(0, await BookAsync(user));

        var seen = await WalkAsync(user, "/api/bookings?limit=2&status=confirmed", _ => BookAsync(user));

        Assert.Equal(booked, seen);
    }

    [Fact]
    public async Task EventBookings_AreSeenOnceNewestFirst()
    {
        var eventId = await api.CreateEventAsync(capacity: 10);
        var booked = new List<Guid>();
        for (var i = 0; i < 5; i++) booked.Insert(0, (await api.NewUser().BookAsync(eventId)).Is(201).Id);

        var seen = await WalkAsync(
            _admin, $"/api/events/{eventId}/bookings?limit=3", _ => api.NewUser().BookAsync(eventId));

        Assert.Equal(booked, seen);
    }

    [Fact]
    public async Task OwnEntriesAndOffers_AreSeenOnceInOrder()
    {
        var user = api.NewUser();
        var entries = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            var eventId = await api.CreateEventAsync(capacity: 1);
            entries.Add((await user.JoinAsync(eventId, 2)).Is(201).Id);
            (await _admin.PutAsync($"/api/events/{eventId}", new { capacity = 2 })).Is(200);
        }

        Assert.Equal(entries, await WalkAsync(user, "/api/waitlist/notifications?limit=3"));
        Assert.Equal(Enumerable.Reverse(entries), await WalkAsync(user, "/api/waitlist?limit=1"));
    }

    [Fact]
    public async Task Queue_WhileItMoves_HasThePositionsOfTheMoment()
    {
        var eventId = await api.CreateEventAsync(capacity: 1);
        var users = Enumerable.Range(0, 6).Select(_ => api.NewUser()).ToArray();
        foreach (var user in users) (await user.JoinAsync(eventId, 2)).Is(201);
        var path = $"/api/waitlist/event/{eventId}?limit=2";

        var first = (await _admin.GetAsync(path)).Is(200);
        Assert.Equal([1, 2], Positions(first));
        (await users[0].LeaveAsync(eventId)).Is(204);
        var second = await NextAsync(_admin, path, first);
        Assert.Equal([2, 3], Positions(second));
        // The very entry that the cursor names goes, and the next is offered tickets.
        (await users[3].LeaveAsync(eventId)).Is(204);
        (await _admin.PutAsync($"/api/events/{eventId}", new { capacity = 2 })).Is(200);
        var third = await NextAsync(_admin, path, second);

        Assert.Equal([2, 3], Positions(third));
        Assert.Equal(
            users[4..].Select(user => $"{user.Id}"), third.Items.Select(entry => Text(entry, "user_id")));
        Assert.Null(third.Text("next_cursor"));
    }

    [Fact]
    public async Task Cursor_BesidePages_LeadsFromAnyPageToTheNext()
    {
        var user = api.NewUser();
        for (var i = 0; i < 4; i++) await BookAsync(user);
        const string Path = "/api/bookings?limit=2";

        var first = (await user.GetAsync(Path)).Is(200);
        Assert.Equal((1, 4, 2), (first.Int("page"), first.Int("total"), first.Int("total_pages")));
        var second = (await user.GetAsync($"{Path}&page=2")).Is(200);
        Assert.Null(second.Text("next_cursor"));
        var behind = await NextAsync(user, Path, first);

        Assert.Equal(Ids(second), Ids(behind));
        Assert.Equal(2, behind.Int("limit"));
        foreach (var member in (string[])["page", "total", "total_pages", "next_cursor"])
            Assert.Equal(JsonValueKind.Null, behind.Json.GetProperty(member).ValueKind);
        // How many are asked for is not part of which list it is.
        Assert.Single((await NextAsync(user, "/api/bookings?limit=1", first)).Items);
    }

    [Fact]
    public async Task Cursor_OfAnotherListOrChanged_IsRefused()
    {
        for (var i = 0; i < 3; i++) await CreateAsync(i);
        var path = $"/api/events?category={_category}&limit=1";
        var cursor = (await _admin.GetAsync(path)).Is(200).Text("next_cursor")!;
        (await _admin.GetAsync($"{path}&cursor={cursor}")).Is(200);
        (await _admin.GetAsync($"/API/events/?cursor={cursor}&limit=5&category={_category}")).Is(200);

        string[] refused =
        [
            $"/api/events?limit=1&cursor={cursor}", $"{path}0&search=a&cursor={cursor}",
            $"{path}&sort_by=price&cursor={cursor}", $"{path}&sort_order=desc&cursor={cursor}",
            $"/api/events?category={_category}x&cursor={cursor}", $"/api/bookings?cursor={cursor}",
            $"/api/waitlist?cursor={cursor}", $"/api/waitlist/notifications?cursor={cursor}",
            $"{path}&page=1&cursor={cursor}", $"{path}&cursor={cursor}&cursor={cursor}", $"{path}&cursor=",
            $"{path}&cursor={cursor[..^4]}", $"{path}&cursor={cursor}AAAA", $"{path}&cursor={new string('A', 22)}",
            $"{path}&cursor=%00", $"{path}&cursor=1", $"{path}&cursor={new string('A', 3000)}",
            $"{path}&cursor={(cursor[0] == 'A' ? 'B' : 'A')}{cursor[1..]}",
        ];
        foreach (var attempt in refused) (await _admin.GetAsync(attempt)).IsInvalid("cursor");
    }

    private async Task CreateAsync(int rank) => (await _admin.PostAsync("/api/events", EventBody.With(
        ("name", $"Quartet {rank + 1}"), ("category", _category), ("price", rank + 1), ("capacity", rank + 5),
        ("event_date", EventBody.Date.AddDays(rank))))).Is(201);

    private async Task<Guid> BookAsync(ApiCaller user) =>
        (await user.BookAsync(await api.CreateEventAsync(capacity: 2))).Is(201).Id;

    /// <summary>The ids from the first page to the last.</summary>
    /// <param name="between">Run after the first page with the ids so far.</param>
    private static async Task<List<Guid>> WalkAsync(
        ApiCaller caller, string path, Func<List<Guid>, Task>? between = null)
    {
        var page = (await caller.GetAsync(path)).Is(200);
        var seen = Ids(page).ToList();
        if (between is not null) await between(seen);
        while (page.Text("next_cursor") is not null)
        {
            page = await NextAsync(caller, path, page);
            Assert.NotEmpty(page.Items);
            seen.AddRange(Ids(page));
        }

        return seen;
    }

    private static async Task<ApiAnswer> NextAsync(ApiCaller caller, string path, ApiAnswer page) =>
        (await caller.GetAsync($"{path}&cursor={page.Text("next_cursor")}")).Is(200);

    private static Guid[] Ids(ApiAnswer page) => [.. page.Items.Select(item => Guid.Parse(Text(item, "id")))];

    private static int?[] Positions(ApiAnswer page) =>
        [.. page.Items.Select(item => item.GetProperty("position").Deserialize<int?>())];

    private static string Text(JsonElement item, string member) => item.GetProperty(member).GetString()!;
}
