namespace EventFlux.Tests.Api;

/// <summary>Bad input to the waitlist: each its code, and nothing changed.</summary>
[Collection<SharedApi>]
public sealed class WaitlistErrorTests(ApiFixture api)
{
    [Theory]
    [InlineData("GET", "/api/waitlist")]
    [InlineData("POST", "/api/waitlist/join")]
    [InlineData("DELETE", "/api/waitlist/0190c0de-0000-7000-8000-000000000000")]
    [InlineData("GET", "/api/waitlist/notifications")]
    [InlineData("GET", "/api/waitlist/event/0190c0de-0000-7000-8000-000000000000")]
    public async Task WithoutAToken_NothingIsAnswered(string method, string path) =>
        (await api.Nobody.SendAsync(new(new HttpMethod(method), path))).IsRefusal(401, "MISSING_TOKEN");

    [Fact]
    public async Task Join_WithEnoughFree_IsToldToBook()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 2));

        (await user.JoinAsync(eventId, 2)).IsRefusal(409, "TICKETS_STILL_AVAILABLE");

        await AssertNothingJoinedAsync(user, eventId);
    }

    [Fact]
    public async Task Join_Twice_IsRefusedWaitingOrOffered()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 2));
        (await user.JoinAsync(eventId, 3)).Is(201);

        (await user.JoinAsync(eventId, 3)).IsRefusal(409, "ALREADY_ON_WAITLIST");
        (await api.NewAdmin().PutAsync($"/api/events/{eventId}", new { capacity = 3 })).Is(200);
        Assert.Single((await user.GetAsync("/api/waitlist/notifications")).Items);
        (await user.JoinAsync(eventId, 4)).IsRefusal(409, "ALREADY_ON_WAITLIST");

        Assert.Equal(1, (await user.GetAsync("/api/waitlist")).Int("total"));
    }

    [Fact]
    public async Task Join_HoldingABooking_NamesIt()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 2));
        var booked = (await user.BookAsync(eventId, 2)).Is(201);

        var refused = (await user.JoinAsync(eventId, 1)).IsRefusal(409, "DUPLICATE_BOOKING");

        Assert.Equal(booked.Id, refused.Json.GetProperty("booking_id").GetGuid());
        await AssertNothingJoinedAsync(user, eventId);
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("cancelled")]
    public async Task Join_AnEventNotOnSale_IsRefused(string status)
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 2));
        (await api.NewAdmin().PutAsync($"/api/events/{eventId}", new { status })).Is(200);

        (await user.JoinAsync(eventId, 3)).IsRefusal(409, "EVENT_NOT_BOOKABLE");

        await AssertNothingJoinedAsync(user, eventId);
    }

    [Fact]
    public async Task Join_AnEventWhoseDateHasCome_IsRefused()
    {
        var eventId = (await api.CreateEventSoonAsync(members: ("capacity", 2))).Id;

        var refused = await Waiting.ForAsync(
            () => api.NewUser().JoinAsync(eventId, 3), answer => answer.Status != 201);

        refused.IsRefusal(409, "EVENT_NOT_BOOKABLE");
    }

    [Fact]
    public async Task UnknownEvents_AreNotFound()
    {
        var admin = api.NewAdmin();

        (await admin.JoinAsync(Guid.NewGuid())).IsRefusal(404, "EVENT_NOT_FOUND");
        (await admin.LeaveAsync(Guid.NewGuid())).IsRefusal(404, "EVENT_NOT_FOUND");
        (await admin.DeleteAsync("/api/waitlist/nothing")).IsRefusal(404, "EVENT_NOT_FOUND");
        (await admin.GetAsync($"/api/waitlist/event/{Guid.NewGuid()}")).IsRefusal(404, "EVENT_NOT_FOUND");
        (await admin.GetAsync("/api/waitlist/event/nothing")).IsRefusal(404, "EVENT_NOT_FOUND");
    }

    [Theory]
    [InlineData("""{"event_id": "0190c0de-0000-7000-8000-000000000000", "quantity": 0}""", "quantity")]
    [InlineData("""{"event_id": "0190c0de-0000-7000-8000-000000000000", "quantity": 11}""", "quantity")]
    [InlineData("""{"event_id": "0190c0de-0000-7000-8000-000000000000", "quantity": "2"}""", "quantity")]
    [InlineData("""{"event_id": "0190c0de-0000-7000-8000-000000000000", "quantity": 1, "email": "x"}""", "email")]
    [InlineData("""{"event_id": "x", "quantity": 1}""", "event_id")]
    [InlineData("{}", "event_id", "quantity")]
    public async Task Join_WithFaultsInTheBody_NamesEach(string body, params string[] members) =>
        (await api.NewUser().PostAsync("/api/waitlist/join", body)).IsInvalid(members);

    [Fact]
    public async Task Leave_WhatWasNeverJoined_IsNotFound()
    {
        var (user, other) = (api.NewUser(), api.NewUser());
        var eventId = await api.CreateEventAsync(capacity: 1);
        (await other.JoinAsync(eventId, 2)).Is(201);

        (await user.LeaveAsync(eventId)).IsRefusal(404, "WAITLIST_ENTRY_NOT_FOUND");

        Assert.Equal(1, (await other.GetAsync("/api/waitlist")).Items[0].GetProperty("position").GetInt32());
    }

    [Theory]
    [InlineData("/api/waitlist")]
    [InlineData("/api/waitlist/notifications")]
    public async Task Lists_WithFaultsInTheQuery_NameEach(string path) =>
        (await api.NewUser().GetAsync($"{path}?page=0&limit=101&status=waiting")).IsInvalid("limit", "page", "status");

    [Fact]
    public async Task Queue_IsForTheCreatorAndAdmins()
    {
        var eventId = await api.CreateEventAsync(capacity: 1);

        (await api.NewUser().GetAsync($"/api/waitlist/event/{eventId}")).IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
        (await api.NewAdmin().GetAsync($"/api/waitlist/event/{eventId}?all=1")).IsInvalid("all");
    }

    private async Task AssertNothingJoinedAsync(ApiCaller user, Guid eventId)
    {
        Assert.Equal(0, (await user.GetAsync("/api/waitlist")).Is(200).Int("total"));
        Assert.Equal(0, (await api.NewAdmin().GetAsync($"/api/events/{eventId}")).Is(200).Int("waitlist_length"));
    }
}
