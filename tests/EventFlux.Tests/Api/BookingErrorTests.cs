namespace EventFlux.Tests.Api;

/// <summary>What can't be booked, cancelled or listed, and that nothing changes then.</summary>
[Collection<SharedApi>]
public sealed class BookingErrorTests(ApiFixture api)
{
    private const string AnEvent = "0190c0de-0000-7000-8000-000000000000";

    [Theory]
    [InlineData("GET", "/api/bookings")]
    [InlineData("POST", "/api/bookings")]
    [InlineData("GET", "/api/bookings/0190c0de-0000-7000-8000-000000000000")]
    [InlineData("PUT", "/api/bookings/0190c0de-0000-7000-8000-000000000000/cancel")]
    public async Task WithoutAToken_NothingIsAnswered(string method, string path) =>
        (await api.Nobody.SendAsync(new(new HttpMethod(method), path))).IsRefusal(401, "MISSING_TOKEN");

    [Theory]
    [InlineData("{}", "event_id", "quantity")]
    [InlineData("""{"event_id": null, "quantity": null}""", "event_id", "quantity")]
    [InlineData($$"""{"event_id": "{{AnEvent}}"}""", "quantity")]
    [InlineData("""{"quantity": 1}""", "event_id")]
    [InlineData($$"""{"event_id": "{{AnEvent}}", "quantity": 0}""", "quantity")]
    [InlineData($$"""{"event_id": "{{AnEvent}}", "quantity": -1}""", "quantity")]
    [InlineData($$"""{"event_id": "{{AnEvent}}", "quantity": 11}""", "quantity")]
    [InlineData("""{"quantity": 11}""", "event_id", "quantity")]
    [InlineData($$"""{"event_id": "{{AnEvent}}", "quantity": 1.5}""", "quantity")]
    [InlineData($$"""{"event_id": "{{AnEvent}}", "quantity": "1"}""", "quantity")]
    [InlineData($$"""{"event_id": "{{AnEvent}}", "quantity": 99999999999}""", "quantity")]
    [InlineData($$"""{"event_id": "{{AnEvent}}", "quantity": true}""", "quantity")]
    [InlineData("""{"event_id": "abc", "quantity": 1}""", "event_id")]
    [InlineData("""{"event_id": 7, "quantity": 1}""", "event_id")]
    [InlineData($$"""{"event_id": "{{AnEvent}}", "quantity": 1, "price": 0}""", "price")]
    [InlineData($$"""{"event_id": "{{AnEvent}}", "quantity": 1, "quantity": 2}""", "quantity")]
    [InlineData($$"""{"event_id": "{{AnEvent}}", "Quantity": 1}""", "Quantity")]
    public async Task Book_WithFaultsInTheBody_NamesEach(string body, params string[] members) =>
        (await api.NewUser().PostAsync("/api/bookings", body)).IsInvalid(members);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("{\"event_id\": ")]
    [InlineData("{} {}")]
    public async Task Book_WithoutAnObject_Is400(string body)
    {
        var answer = (await api.NewUser().PostAsync("/api/bookings", body)).Is(400);

        Assert.Contains(answer.Code, (string[])["VALIDATION_ERROR", "MALFORMED_REQUEST"]);
    }

    [Fact]
    public async Task Book_AnUnknownEvent_IsNotFound() =>
        (await api.NewUser().BookAsync(Guid.NewGuid())).IsRefusal(404, "EVENT_NOT_FOUND");

    [Fact]
    public async Task Book_ADeletedEvent_IsNotFound()
    {
        var eventId = await api.CreateEventAsync(capacity: 10);
        (await api.NewAdmin().DeleteAsync($"/api/events/{eventId}")).Is(204);

        (await api.NewUser().BookAsync(eventId)).IsRefusal(404, "EVENT_NOT_FOUND");
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("cancelled")]
    public async Task Book_AnEventNotOnSale_IsRefused(string status)
    {
        var eventId = await api.CreateEventAsync(capacity: 10);
        (await api.NewAdmin().PutAsync($"/api/events/{eventId}", new { status })).Is(200);

        (await api.NewUser().BookAsync(eventId)).IsRefusal(409, "EVENT_NOT_BOOKABLE");
    }

    [Fact]
    public async Task Book_AnEventWhoseDateHasCome_IsRefused()
    {
        var eventId = (await api.CreateEventSoonAsync(members: ("capacity", 10_000))).Id;

        var refused = await Waiting.ForAsync(
            () => api.NewUser().BookAsync(eventId), answer => answer.Status != 201);

        refused.IsRefusal(409, "EVENT_NOT_BOOKABLE");
    }

    [Fact]
    public async Task Book_MoreThanIsFree_TellsHowManyAre()
    {
        var eventId = await api.CreateEventAsync(capacity: 5);
        (await api.NewUser().BookAsync(eventId, 3)).Is(201);

        var refused = (await api.NewUser().BookAsync(eventId, 3)).IsRefusal(409, "INSUFFICIENT_AVAILABILITY");

        Assert.Equal(2, refused.Int("available_tickets"));
        (await api.NewUser().BookAsync(eventId, 2)).Is(201);
        Assert.Equal(0, (await api.NewUser().BookAsync(eventId, 1)).Is(409).Int("available_tickets"));
    }

    [Fact]
    public async Task Book_Twice_NamesTheFirstBooking()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 10));
        var first = (await user.BookAsync(eventId)).Is(201);

        var refused = (await user.BookAsync(eventId, 2)).IsRefusal(409, "DUPLICATE_BOOKING");

        Assert.Equal(first.Id, refused.Json.GetProperty("booking_id").GetGuid());
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=-1", "page")]
    [InlineData("page=x", "page")]
    [InlineData("page=", "page")]
    [InlineData("page=99999999999", "page")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=10&limit=20", "limit")]
    [InlineData("status=open", "status")]
    [InlineData("status=Confirmed", "status")]
    [InlineData("upcoming_only=yes", "upcoming_only")]
    [InlineData("pages=1", "pages")]
    [InlineData("Page=1", "Page")]
    [InlineData("limit=0&page=0&status=x&upcoming_only=7&z=1", "limit", "page", "status", "upcoming_only", "z")]
    public async Task List_WithFaultsInTheQuery_NamesEach(string query, params string[] parameters) =>
        (await api.NewUser().GetAsync($"/api/bookings?{query}")).IsInvalid(parameters);

    [Fact]
    public async Task WrongMethodsAndTypes_AreSaidSo()
    {
        var user = api.NewUser();

        var refused = (await user.DeleteAsync("/api/bookings")).IsRefusal(405, "METHOD_NOT_ALLOWED");
        Assert.Equal(["GET", "POST"], refused.ContentHeaders.Allow.Order());
        (await user.GetAsync("/api/bookings/a/b/c")).IsRefusal(404, "ROUTE_NOT_FOUND");
        using var form = new FormUrlEncodedContent([]);
        (await user.SendAsync(new(HttpMethod.Post, "/api/bookings") { Content = form }))
            .IsRefusal(415, "UNSUPPORTED_MEDIA_TYPE");
        (await user.PostAsync("/api/bookings", $$"""{"event_id": "{{new string('a', 70_000)}}"}"""))
            .IsRefusal(413, "BODY_TOO_LARGE");
    }
}
