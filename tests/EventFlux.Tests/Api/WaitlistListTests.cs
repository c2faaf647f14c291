using System.Text.Json;

namespace EventFlux.Tests.Api;

/// <summary>The waitlist's lists: one's own entries, one's open offers, an event's queue.</summary>
[Collection<SharedApi>]
public sealed class WaitlistListTests(ApiFixture api)
{
    [Fact]
    public async Task Queue_IsInOrderWithPositionsOnEveryPage()
    {
        var creator = api.NewAdmin();
        var eventId = await api.CreateEventAsync(capacity: 3, creator: creator);
        var users = new List<ApiCaller>();
        // Quantities such that the third is offered what is free later, and the others wait.
        foreach (var quantity in (int[])[6, 5, 4, 6, 7])
        {
            users.Add(api.NewUser());
            (await users[^1].JoinAsync(eventId, quantity)).Is(201);
        }

        (await creator.PutAsync($"/api/events/{eventId}", new { capacity = 4 })).Is(200);

        var queue = (await creator.GetAsync($"/api/waitlist/event/{eventId}")).Is(200);
        Assert.Equal(users.Select(user => user.Id), queue.Items.Select(item => item.GetProperty("user_id").GetGuid()));
        Assert.Equal([1, 2, null, 3, 4], queue.Items.Select(Position));
        Assert.Equal(
            ["waiting", "waiting", "notified", "waiting", "waiting"],
            queue.Items.Select(item => item.GetProperty("status").GetString()));
        var second = (await creator.GetAsync($"/api/waitlist/event/{eventId}?limit=3&page=2")).Is(200);
        Assert.Equal([3, 4], second.Items.Select(Position));
        Assert.Equal((5, 2), (second.Int("total"), second.Int("total_pages")));
    }

    [Fact]
    public async Task Queue_HoldsNobodyWhoLeft()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 1));
        (await user.JoinAsync(eventId, 2)).Is(201);
        (await user.LeaveAsync(eventId)).Is(204);

        Assert.Equal(0, (await api.NewAdmin().GetAsync($"/api/waitlist/event/{eventId}")).Is(200).Int("total"));
    }

    [Fact]
    public async Task Own_AreNewestFirstInPages()
    {
        var (user, other) = (api.NewUser(), api.NewUser());
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            var eventId = await api.CreateEventAsync(capacity: 1);
            (await other.JoinAsync(eventId, 2)).Is(201);
            ids.Insert(0, (await user.JoinAsync(eventId, 2)).Is(201).Id);
        }

        var first = (await user.GetAsync("/api/waitlist?limit=2")).Is(200);
        var second = (await user.GetAsync("/api/waitlist?limit=2&page=2")).Is(200);

        Assert.Equal(ids, first.Items.Concat(second.Items).Select(item => item.GetProperty("id").GetGuid()));
        Assert.Equal((2, 3, 2), (first.Int("limit"), first.Int("total"), first.Int("total_pages")));
        Assert.All(first.Items, item => Assert.Equal(2, Position(item)));
    }

    [Fact]
    public async Task Notifications_AreInPages()
    {
        var user = api.NewUser();
        for (var i = 0; i < 3; i++)
        {
            var eventId = await api.CreateEventAsync(capacity: 1);
            (await user.JoinAsync(eventId, 2)).Is(201);
            (await api.NewAdmin().PutAsync($"/api/events/{eventId}", new { capacity = 2 })).Is(200);
        }

        var page = (await user.GetAsync("/api/waitlist/notifications?limit=2&page=2")).Is(200);

        Assert.Equal((3, 2), (page.Int("total"), page.Int("total_pages")));
        Assert.Single(page.Items);
    }

    private static int? Position(JsonElement entry) => entry.GetProperty("position").Deserialize<int?>();
}
