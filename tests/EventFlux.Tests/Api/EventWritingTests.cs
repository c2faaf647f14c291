using EventFlux.Contracts.Users;

namespace EventFlux.Tests.Api;

/// <summary>Changing and deleting events, and who may.</summary>
public sealed class EventWritingTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Update_OfSomeMembers_LeavesTheOthers()
    {
        var admin = api.NewAdmin();
        var before = (await admin.PostAsync(
            "/api/events", EventBody.With(("description", "Old"), ("address", "There"), ("category", "music"))))
            .Is(201);

        var after = (await admin.PutAsync(
            $"/api/events/{before.Id}", """{"description": "New", "address": null, "capacity": 12}""")).Is(200);

        Assert.Equal("New", after.Text("description"));
        Assert.Null(after.Text("address"));
        Assert.Equal((12, 12, 0, 0, 0), Counts(after));
        foreach (var member in (string[])[
            "name", "venue", "event_date", "category", "currency", "status", "created_at"])
            Assert.Equal(before.Text(member), after.Text(member));
        Assert.NotEqual(before.Text("updated_at"), after.Text("updated_at"));
    }

    [Theory]
    [InlineData("""{"name": null, "venue": null, "event_date": null}""", "event_date", "name", "venue")]
    [InlineData("""{"capacity": null, "price": null, "currency": null, "status": null}""",
        "capacity", "currency", "price", "status")]
    [InlineData("""{"status": "completed"}""", "status")]
    [InlineData("""{"name": "x", "price": 1.234}""", "name", "price")]
    [InlineData("""{"id": "x"}""", "id")]
    [InlineData("""{"available_tickets": 5}""", "available_tickets")]
    [InlineData("""{"event_date": "2001-01-01T00:00:00Z"}""", "event_date")]
    public async Task Update_WithFaults_NamesThemAndChangesNothing(string body, params string[] members)
    {
        var admin = api.NewAdmin();
        var before = (await admin.PostAsync("/api/events", EventBody.With())).Is(201);

        (await admin.PutAsync($"/api/events/{before.Id}", body)).IsInvalid(members);

        Assert.Equal(before.Json.GetRawText(), (await admin.GetAsync($"/api/events/{before.Id}")).Json.GetRawText());
    }

    [Theory]
    [InlineData("draft", "active", true)]
    [InlineData("draft", "cancelled", true)]
    [InlineData("active", "draft", true)]
    [InlineData("active", "cancelled", true)]
    [InlineData("cancelled", "cancelled", true)]
    [InlineData("cancelled", "active", false)]
    [InlineData("cancelled", "draft", false)]
    public async Task Update_OfTheStatus_FollowsTheRules(string from, string to, bool isAllowed)
    {
        var admin = api.NewAdmin();
        var start = from == "cancelled" ? "active" : from;
        var created = (await admin.PostAsync("/api/events", EventBody.With(("status", start)))).Is(201);
        var path = $"/api/events/{created.Id}";
        if (from == "cancelled") (await admin.PutAsync(path, new { status = from })).Is(200);

        var answer = await admin.PutAsync(path, new { status = to });

        if (!isAllowed) answer.IsInvalid("status");
        Assert.Equal(isAllowed ? to : from, (await admin.GetAsync(path)).Text("status"));
    }

    [Fact]
    public async Task Update_OfACompletedEvent_KeepsWhatWasSold()
    {
        var admin = api.NewAdmin();
        var eventId = await api.CreateCompletedEventAsync();

        foreach (var change in (object[])[
            new { status = "active" }, new { capacity = 99 }, new { price = 1 }, new { event_date = EventBody.Date }])
            (await admin.PutAsync($"/api/events/{eventId}", change)).IsInvalid("status");

        (await admin.PutAsync($"/api/events/{eventId}", """{"description": "It was good."}""")).Is(200);
    }

    [Fact]
    public async Task Update_OfTheCapacity_StaysAboveWhatIsBooked()
    {
        var admin = api.NewAdmin();
        var eventId = await api.CreateEventAsync(capacity: 10);
        (await api.NewUser().BookAsync(eventId, 4)).Is(201);

        var refused = (await admin.PutAsync($"/api/events/{eventId}", new { capacity = 3 }))
            .IsRefusal(409, "CAPACITY_BELOW_BOOKED");
        Assert.Equal(4, refused.Int("minimum_capacity"));

        var shrunk = (await admin.PutAsync($"/api/events/{eventId}", new { capacity = 4 })).Is(200);
        Assert.Equal((4, 0, 4, 0, 0), Counts(shrunk));
    }

    [Fact]
    public async Task Update_OfTheCurrency_IsForAnEventThatNobodyEverBooked()
    {
        var (admin, user) = (api.NewAdmin(), api.NewUser());
        var eventId = await api.CreateEventAsync(capacity: 10);
        (await admin.PutAsync($"/api/events/{eventId}", new { currency = "EUR" })).Is(200);

        var booking = (await user.BookAsync(eventId)).Is(201);
        (await admin.PutAsync($"/api/events/{eventId}", new { currency = "USD" })).IsInvalid("currency");
        (await user.CancelAsync(booking.Id)).Is(200);
        (await admin.PutAsync($"/api/events/{eventId}", new { currency = "USD" })).IsInvalid("currency");
    }

    [Fact]
    public async Task Update_ToCancelled_CancelsTheBookings()
    {
        var (admin, user) = (api.NewAdmin(), api.NewUser());
        var eventId = await api.CreateEventAsync(capacity: 10);
        var booking = (await user.BookAsync(eventId, 4)).Is(201);

        var cancelled = (await admin.PutAsync($"/api/events/{eventId}", new { status = "cancelled" })).Is(200);

        Assert.Equal((10, 10, 0, 0, 0), Counts(cancelled));
        Assert.Equal("cancelled", (await user.GetAsync($"/api/bookings/{booking.Id}")).Text("status"));
        (await user.BookAsync(eventId)).IsRefusal(409, "EVENT_NOT_BOOKABLE");
    }

    [Fact]
    public async Task Writing_IsForCreatorAndAdmins()
    {
        var creator = api.NewAdmin();
        var path = $"/api/events/{await api.CreateEventAsync(capacity: 10, creator: creator)}";
        var draft = $"/api/events/{await api.CreateEventAsync(capacity: 10, status: "draft", creator: creator)}";
        var change = new { description = "Mine now" };

        (await api.Nobody.PutAsync(path, change)).IsRefusal(401, "MISSING_TOKEN");
        (await api.Nobody.DeleteAsync(path)).IsRefusal(401, "MISSING_TOKEN");
        (await api.NewUser().PutAsync(path, change)).IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
        (await api.NewUser().DeleteAsync(path)).IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
        (await api.NewUser().GetAsync($"{path}/bookings")).IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
        (await api.NewUser().PutAsync(draft, change)).IsRefusal(404, "EVENT_NOT_FOUND");
        (await api.NewUser().DeleteAsync(draft)).IsRefusal(404, "EVENT_NOT_FOUND");
        (await api.NewUser().PostAsync("/api/events", EventBody.With())).IsRefusal(403, "INSUFFICIENT_PERMISSIONS");

        // Once an admin and no longer: the events are still theirs.
        (await api.Caller(creator.Id, UserRole.User).PutAsync(path, change)).Is(200);
        (await api.NewAdmin().PutAsync(path, change)).Is(200);
        (await api.Caller(creator.Id, UserRole.User).DeleteAsync(draft)).Is(204);
    }

    [Fact]
    public async Task Delete_WithoutConfirmedBookings_HidesTheEvent()
    {
        var (admin, user) = (api.NewAdmin(), api.NewUser());
        var eventId = await api.CreateEventAsync(capacity: 10);
        var booking = (await user.BookAsync(eventId, 4)).Is(201);

        (await admin.DeleteAsync($"/api/events/{eventId}")).IsRefusal(409, "EVENT_HAS_BOOKINGS");
        (await user.CancelAsync(booking.Id)).Is(200);
        (await admin.DeleteAsync($"/api/events/{eventId}")).Is(204);

        (await admin.GetAsync($"/api/events/{eventId}")).IsRefusal(404, "EVENT_NOT_FOUND");
        (await admin.DeleteAsync($"/api/events/{eventId}")).IsRefusal(404, "EVENT_NOT_FOUND");
        (await admin.PutAsync($"/api/events/{eventId}", "{}")).IsRefusal(404, "EVENT_NOT_FOUND");
        Assert.Equal("A concert", (await user.GetAsync($"/api/bookings/{booking.Id}")).Text("event_name"));
    }

    private static (int Capacity, int Available, int Booked, int Held, int Waiting) Counts(ApiAnswer answer) => (
        answer.Int("capacity"), answer.Int("available_tickets"), answer.Int("booked_tickets"),
        answer.Int("held_tickets"), answer.Int("waitlist_length"));
}
