using System.Text.Json;
using EventFlux.Silo.Observability;
using EventFlux.Silo.Seats;
using EventFlux.Tests.Api;
using EventFlux.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace EventFlux.Tests.Seats;

/// <summary>The stream of an event's availability, as a browser sees it.</summary>
[Collection<SharedApi>]
public sealed class AvailabilityStreamTests(ApiFixture api)
{
    private readonly ApiCaller _admin = api.NewAdmin();

    [Fact]
    public async Task Stream_BeginsWithEverything_AndTellsEachChange()
    {
        var id = await SmallHouse.CreateAsync(_admin, rows: 10, seats: 10);
        await using var stream = await EventStream.OpenAsync(api.Client, id);
        Assert.Equal("text/event-stream", stream.Answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", stream.Answer.Headers.CacheControl?.ToString());
        Assert.Equal(["no"], stream.Answer.Headers.GetValues("X-Accel-Buffering"));

        var viewed = new ViewedSeats();
        viewed.Apply(await stream.NextAsync());
        Assert.Equal(new string('A', 100), viewed.States);
        Assert.Equal($"{viewed.Version}", stream.LastId);
        (await api.NewUser().BookSeatsAsync(id, "P-R1-3")).Is(201);
        await stream.FollowAsync(viewed, seats => seats.States[2] == 'B');

        Assert.Equal((99, 1, 0, 0), viewed.Counts);
        Assert.Equal(1, viewed.Complete);
    }

    [Fact]
    public async Task Stream_OfGeneralAdmission_TellsCounts()
    {
        var id = await api.CreateEventAsync(capacity: 5);
        await using var stream = await EventStream.OpenAsync(api.Client, id);
        var first = await stream.NextAsync();
        Assert.Equal(5, first.GetProperty("available_tickets").GetInt32());
        foreach (var member in (string[])["plan_version", "states", "changes", "since"])
            Assert.Equal(JsonValueKind.Null, first.GetProperty(member).ValueKind);

        (await api.NewUser().BookAsync(id, 2)).Is(201);

        var next = await stream.NextAsync();
        Assert.Equal(3, next.GetProperty("available_tickets").GetInt32());
        Assert.Equal(2, next.GetProperty("booked_tickets").GetInt32());
    }

    [Fact]
    public async Task Stream_ThatComesBack_MissesNothing()
    {
        var id = await SmallHouse.CreateAsync(_admin, rows: 10, seats: 10);
        var viewed = new ViewedSeats();
        string? last;
        await using (var stream = await EventStream.OpenAsync(api.Client, id))
        {
            viewed.Apply(await stream.NextAsync());
            last = stream.LastId;
        }

        (await api.NewUser().BookSeatsAsync(id, "P-R1-1")).Is(201);
        (await api.NewUser().HoldSeatsAsync(id, "P-R1-2")).Is(201);
        await using (var stream = await EventStream.OpenAsync(api.Client, id, last))
            viewed.Apply(await stream.NextAsync());
        Assert.Equal((1, "BH"), (viewed.Complete, viewed.States[..2]));

        // A client that has the map from elsewhere, one that has nothing new to hear, and one with another's id.
        await using (var stream = await EventStream.OpenAsync(api.Client, id, since: long.Parse(last!)))
            Assert.Equal(2, (await stream.NextAsync()).GetProperty("changes").GetArrayLength());
        await using (var stream = await EventStream.OpenAsync(api.Client, id, $"{viewed.Version}", since: 0))
            Assert.Equal(0, (await stream.NextAsync()).GetProperty("changes").GetArrayLength());
        foreach (var id2 in (string[])["nonsense", "-3", $"{long.MaxValue}", ""])
        {
            await using var stream = await EventStream.OpenAsync(api.Client, id, id2);
            Assert.Equal(viewed.States, (await stream.NextAsync()).GetProperty("states").GetString());
        }
    }

    [Fact]
    public async Task Stream_WhenThePlanChanges_SaysSo()
    {
        var id = await SmallHouse.CreateAsync(_admin, rows: 2, seats: 2);
        await using var stream = await EventStream.OpenAsync(api.Client, id);
        await stream.NextAsync();

        (await _admin.PutAsync($"/api/events/{id}/seats", SmallHouse.Plan(2, 3))).Is(200);

        var plan = (await stream.NextAsync("plan")).GetProperty("plan_version").GetInt64();
        var seats = await stream.NextAsync();
        Assert.Equal(plan, seats.GetProperty("plan_version").GetInt64());
        Assert.Equal("AAAAAA", seats.GetProperty("states").GetString());
    }

    [Fact]
    public async Task Stream_EndsWithItsEvent_AndTheNextIsRefused()
    {
        var id = await api.CreateEventAsync(capacity: 5, creator: _admin);
        await using var stream = await EventStream.OpenAsync(api.Client, id);
        await stream.NextAsync();

        (await _admin.DeleteAsync($"/api/events/{id}")).Is(204);

        await Assert.ThrowsAsync<EndOfStreamException>(async () =>
        {
            while (true) await stream.NextAsync();
        });
        await RefusedAsync(api.Nobody, id);
        await RefusedAsync(api.Nobody, Guid.NewGuid());
        var draft = await api.CreateEventAsync(capacity: 5, status: "draft", creator: _admin);
        await RefusedAsync(api.Nobody, draft);
        await RefusedAsync(api.NewUser(), draft);
        await using var own = await EventStream.OpenAsync(api.Client, draft, token: _admin.Token);
        Assert.Equal(5, (await own.NextAsync()).GetProperty("available_tickets").GetInt32());
    }

    [Fact]
    public async Task Streams_AreNoLoad_AndLeaveNothingBehind()
    {
        var id = await api.CreateEventAsync(capacity: 5);
        var feed = api.Services.GetRequiredService<AvailabilityFeed>();
        var (figures, before) = (api.Services.GetRequiredService<RequestFigures>(), feed.Followers);
        var streams = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => EventStream.OpenAsync(api.Client, id)));
        foreach (var stream in streams) await stream.NextAsync();

        Assert.True(figures.UnderWay < 30, $"{figures.UnderWay} under way");
        Assert.True(feed.Followers >= before + 30, $"{feed.Followers} after {before}");
        foreach (var stream in streams) await stream.DisposeAsync();
        await Wait.UntilAsync(
            () => feed.Followers < before + 30, TimeSpan.FromSeconds(10), () => $"{feed.Followers} followers");
    }

    [Fact]
    public async Task Head_EndsAtOnce()
    {
        var id = await api.CreateEventAsync(capacity: 5);
        var head = new HttpRequestMessage(HttpMethod.Head, $"/api/events/{id}/availability/stream");
        using var answer = await api.Client.SendAsync(head, TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.ToString());
        (await api.Nobody.GetAsync($"/api/events/{id}/availability/stream?since=x")).IsInvalid("since");
        (await api.Nobody.GetAsync($"/api/events/{id}/availability/stream?other=1")).IsInvalid("other");
    }

    private static async Task RefusedAsync(ApiCaller caller, Guid id) =>
        (await caller.GetAsync($"/api/events/{id}/availability/stream")).IsRefusal(404, "EVENT_NOT_FOUND");
}
