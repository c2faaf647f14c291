using System.Net.Http.Headers;
using System.Text.Json;
using EventFlux.Contracts.Seats;
using EventFlux.Silo.Api;
using EventFlux.Tests.Api;

namespace EventFlux.Tests.Seats;

/// <summary>The map of seats as buyers read it.</summary>
[Collection<SharedApi>]
public sealed class SeatReadTests(ApiFixture api)
{
    private readonly ApiCaller _admin = api.NewAdmin();

    [Fact]
    public async Task Seats_ShowThePlanAndTheStates_RightAfterEachChange()
    {
        var id = await SmallHouse.CreateAsync(_admin, rows: 2, seats: 3);

        var fresh = await _admin.SeatsAsync(id);
        Assert.Equal("AAAAAA", fresh.GetProperty("states").GetString());
        Assert.Equal("[\"1\",1.5,1,\"wheelchair\"]", Row(fresh, 0)[0].GetRawText());
        Assert.Equal("[\"2\",3,2]", Row(fresh, 1)[1].GetRawText());
        var section = fresh.GetProperty("sections")[0];
        Assert.Equal("P", section.GetProperty("code").GetString());
        Assert.Equal("12.50", section.GetProperty("price").GetRawText());
        Assert.Equal("{\"x\":0.5,\"y\":-1}", fresh.GetProperty("focal_point").GetRawText());

        var (buyer, holder) = (api.NewUser(), api.NewUser());
        var booking = (await buyer.BookSeatsAsync(id, "P-R1-1", "P-R1-2")).Is(201).Id;
        Assert.Equal("BBAAAA", (await buyer.SeatsAsync(id)).GetProperty("states").GetString());
        var hold = (await holder.HoldSeatsAsync(id, "P-R2-3")).Is(201).Id;
        Assert.Equal("BBAAAH", (await holder.SeatsAsync(id)).GetProperty("states").GetString());
        var camera = new { seat_ids = new[] { "P-R2-1" }, reason = "Camera" };
        (await _admin.PutAsync($"/api/events/{id}/seats/block", camera)).Is(200);
        var blocked = await _admin.SeatsAsync(id);
        Assert.Equal("BBAXAH", blocked.GetProperty("states").GetString());
        Assert.Equal((2, 2, 1, 0), Counts(blocked));

        (await buyer.CancelAsync(booking)).Is(200);
        (await holder.DeleteAsync($"/api/events/{id}/holds/{hold}")).Is(204);
        Assert.Equal("AAAXAA", (await buyer.SeatsAsync(id)).GetProperty("states").GetString());
        (await _admin.PutAsync($"/api/events/{id}/seats", SmallHouse.Plan(1, 2, "Q"))).Is(200);
        var other = await _admin.SeatsAsync(id);
        Assert.Equal("AA", other.GetProperty("states").GetString());
        Assert.Equal("Q", other.GetProperty("sections")[0].GetProperty("code").GetString());
        Assert.True(other.GetProperty("plan_version").GetInt64() > blocked.GetProperty("plan_version").GetInt64());
    }

    [Fact]
    public async Task Answer_IsWhatTheSerializerWouldWrite()
    {
        var id = await SmallHouse.CreateAsync(_admin, rows: 1, seats: 2);
        (await api.NewUser().BookSeatsAsync(id, "P-R1-2")).Is(201);
        var seats = await _admin.SeatsAsync(id);
        var (version, plan) = (seats.GetProperty("version").GetInt64(), seats.GetProperty("plan_version").GetInt64());

        var expected = new SeatMapResponse(
            id, version, null, plan, 1, 1, 0, 0, "USD", new(0.5, -1),
            [
                new("P", "Stalls", 12.50m,
                    [
                        new("R1",
                            [
                                new(new("1", new(1.5, 1), SeatKind.Wheelchair)),
                                new(new("2", new(3, 1), SeatKind.Standard)),
                            ]),
                    ]),
            ],
            "AB", null);
        Assert.Equal(JsonSerializer.Serialize(expected, ApiJson.Options), seats.GetRawText());
        // Of so small a house all is shorter than a change.
        var all = (await _admin.GetAsync($"/api/events/{id}/seats?since={version - 1}")).Is(200);
        Assert.Equal(seats.GetRawText(), all.Json.GetRawText());
    }

    [Fact]
    public async Task Tag_IsStrongAndStandsUntilSomethingChanges()
    {
        var id = await SmallHouse.CreateAsync(_admin, rows: 1, seats: 5);
        var tag = (await _admin.GetAsync($"/api/events/{id}/seats")).Is(200).Headers.ETag!;
        Assert.False(tag.IsWeak);

        (await WithTagAsync(id, tag)).Is(304);
        (await api.NewUser().BookSeatsAsync(id, "P-R1-4")).Is(201);
        Assert.NotEqual(tag, (await WithTagAsync(id, tag)).Is(200).Headers.ETag);
    }

    [Fact]
    public async Task Everybody_SharesOneCompressedAnswerASecond()
    {
        var id = await SmallHouse.CreateAsync(_admin, rows: 200, seats: 200);
        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 5; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"/api/events/{id}/seats");
            request.Headers.AcceptEncoding.Add(new("br"));
            answers.Add(await api.Client.SendAsync(request, TestContext.Current.CancellationToken));
        }

        Assert.All(answers, answer => Assert.Equal(["br"], answer.Content.Headers.ContentEncoding));
        Assert.EndsWith("-br\"", answers[0].Headers.ETag!.Tag, StringComparison.Ordinal);
        Assert.Contains(answers.Skip(1), answer => answer.Headers.Age is not null);
    }

    [Fact]
    public async Task Since_AnswersTheChangesOrEverything()
    {
        var id = await SmallHouse.CreateAsync(_admin, rows: 10, seats: 10);
        var viewed = new ViewedSeats();
        viewed.Apply(await _admin.SeatsAsync(id));
        (await api.NewUser().BookSeatsAsync(id, "P-R2-3")).Is(201);
        (await api.NewUser().HoldSeatsAsync(id, "P-R1-1")).Is(201);

        var changes = await SinceAsync(id, $"{viewed.Version}");
        Assert.Equal("[[0,\"H\"],[12,\"B\"]]", changes.GetProperty("changes").GetRawText());
        Assert.Equal(JsonValueKind.Null, changes.GetProperty("sections").ValueKind);
        viewed.Apply(changes);
        Assert.Equal((98, 1, 1, 0), viewed.Counts);
        (await _admin.PutAsync($"/api/events/{id}", new { description = "New" })).Is(200);
        viewed.Apply(await SinceAsync(id, $"{viewed.Version}"));
        Assert.Equal("[]", (await SinceAsync(id, $"{viewed.Version}")).GetProperty("changes").GetRawText());

        // Before this silo followed the event, and never yet.
        foreach (var since in (string[])["0", $"{viewed.Version + 1000}", $"{long.MaxValue}"])
        {
            var all = await SinceAsync(id, since);
            Assert.Equal(JsonValueKind.Null, all.GetProperty("since").ValueKind);
            Assert.Equal(viewed.States, all.GetProperty("states").GetString());
        }

        (await _admin.PutAsync($"/api/events/{id}/seats", SmallHouse.Plan(11, 10))).Is(200);
        Assert.Equal(JsonValueKind.Null, (await SinceAsync(id, $"{viewed.Version}")).GetProperty("since").ValueKind);
        foreach (var since in (string[])["-1", "x", "1.5", "99999999999999999999"])
            (await _admin.GetAsync($"/api/events/{id}/seats?since={since}")).IsInvalid("since");
    }

    [Fact]
    public async Task MapKeptByChanges_EqualsTheWholeOne_AfterARandomSale()
    {
        var id = await SmallHouse.CreateAsync(_admin, rows: 20, seats: 20);
        var seed = Random.Shared.Next();
        var (random, viewed) = (new Random(seed), new ViewedSeats());
        viewed.Apply(await _admin.SeatsAsync(id));
        var undo = new List<Func<Task<ApiAnswer>>>();
        for (var step = 0; step < 120; step++)
        {
            var (user, seat) = (api.NewUser(), $"P-R{random.Next(1, 21)}-{random.Next(1, 21)}");
            if (random.Next(3) is 0 && undo.Count > 0) await undo[random.Next(undo.Count)]();
            else if (random.Next(2) is 0 && await user.BookSeatsAsync(id, seat) is { Status: 201 } booked)
                undo.Add(() => user.CancelAsync(booked.Id));
            else if (await user.HoldSeatsAsync(id, seat) is { Status: 201 } held)
                undo.Add(() => user.DeleteAsync($"/api/events/{id}/holds/{held.Id}"));
            if (random.Next(5) is 0) viewed.Apply(await SinceAsync(id, $"{viewed.Version}"));
        }

        viewed.Apply(await SinceAsync(id, $"{viewed.Version}"));
        var whole = await _admin.SeatsAsync(id);
        Assert.True(whole.GetProperty("states").GetString() == viewed.States, $"seed {seed}");
        Assert.Equal(Counts(whole), viewed.Counts);
        Assert.True(viewed.Complete < 10, $"{viewed.Complete} complete answers, seed {seed}");
    }

    [Fact]
    public async Task Seats_OfWhatHasNone_AreNotFound()
    {
        var plain = await api.CreateEventAsync(capacity: 3, creator: _admin);
        (await _admin.GetAsync($"/api/events/{plain}/seats")).IsRefusal(404, "SEAT_PLAN_NOT_FOUND");
        (await api.Nobody.GetAsync($"/api/events/{Guid.NewGuid()}/seats")).IsRefusal(404, "EVENT_NOT_FOUND");
        (await api.Nobody.GetAsync("/api/events/nonsense/seats")).Is(404);

        var draft = await api.CreateEventAsync(capacity: 3, status: "draft", creator: _admin);
        (await _admin.PutAsync($"/api/events/{draft}/seats", SmallHouse.Plan(1, 3))).Is(200);
        (await api.Nobody.GetAsync($"/api/events/{draft}/seats")).IsRefusal(404, "EVENT_NOT_FOUND");
        (await api.NewUser().GetAsync($"/api/events/{draft}/seats")).IsRefusal(404, "EVENT_NOT_FOUND");
        (await _admin.GetAsync($"/api/events/{draft}/seats")).Is(200);
    }

    private static JsonElement Row(JsonElement seats, int row) =>
        seats.GetProperty("sections")[0].GetProperty("rows")[row].GetProperty("seats");

    private static (int, int, int, int) Counts(JsonElement answer)
    {
        var viewed = new ViewedSeats();
        viewed.Apply(answer);
        return viewed.Counts;
    }

    private async Task<JsonElement> SinceAsync(Guid id, string since) =>
        (await _admin.GetAsync($"/api/events/{id}/seats?since={since}")).Is(200).Json;

    private Task<ApiAnswer> WithTagAsync(Guid id, EntityTagHeaderValue tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/events/{id}/seats");
        request.Headers.IfNoneMatch.Add(tag);
        return _admin.SendAsync(request);
    }
}
