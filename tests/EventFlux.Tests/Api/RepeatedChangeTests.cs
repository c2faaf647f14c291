namespace EventFlux.Tests.Api;

/// <summary>PUT and DELETE, sent again or many times at once, leave what one of them would have left.</summary>
[Collection<SharedApi>]
public sealed class RepeatedChangeTests(ApiFixture api)
{
    private const int AtOnce = 8;

    private readonly ApiCaller _admin = api.NewAdmin();

    [Fact]
    public async Task CancelBooking_ManyTimesAtOnce_FreesItsTicketsOnce()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 5));
        var booked = (await user.BookAsync(eventId, 3)).Is(201);

        AssertOne(200, 409, await AtOnceAsync(() => user.CancelAsync(booked.Id)));

        var after = (await user.GetAsync($"/api/bookings/{booked.Id}")).Is(200);
        (await user.CancelAsync(booked.Id)).IsRefusal(409, "BOOKING_ALREADY_CANCELLED");
        Assert.Equal(after.Json.GetRawText(), (await user.GetAsync($"/api/bookings/{booked.Id}")).Json.GetRawText());
        await AssertCountsAsync(eventId, available: 5, booked: 0);
    }

    [Fact]
    public async Task UpdateEvent_ManyTimesAtOnce_IsTheOneChange()
    {
        var eventId = await api.CreateEventAsync(capacity: 5);
        (await api.NewUser().BookAsync(eventId, 2)).Is(201);
        var change = new { name = "Another name", capacity = 7, description = (string?)null };

        Assert.All(await AtOnceAsync(() => _admin.PutAsync($"/api/events/{eventId}", change)), one => one.Is(200));

        var read = (await _admin.GetAsync($"/api/events/{eventId}")).Is(200);
        Assert.Equal("Another name", read.Text("name"));
        await AssertCountsAsync(eventId, available: 5, booked: 2);
    }

    [Fact]
    public async Task CancelEvent_Again_LeavesItCancelled()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 5));
        var booked = (await user.BookAsync(eventId, 2)).Is(201);
        var cancelled = new { status = "cancelled" };

        Assert.Contains(
            await AtOnceAsync(() => _admin.PutAsync($"/api/events/{eventId}", cancelled)), one => one.Status == 200);
        await _admin.PutAsync($"/api/events/{eventId}", cancelled);

        Assert.Equal("cancelled", (await _admin.GetAsync($"/api/events/{eventId}")).Is(200).Text("status"));
        Assert.Equal("cancelled", (await user.GetAsync($"/api/bookings/{booked.Id}")).Is(200).Text("status"));
        await AssertCountsAsync(eventId, available: 5, booked: 0);
    }

    [Fact]
    public async Task DeleteEvent_ManyTimesAtOnce_DeletesItOnce()
    {
        var path = $"/api/events/{await api.CreateEventAsync(capacity: 5)}";

        AssertOne(204, 404, await AtOnceAsync(() => _admin.DeleteAsync(path)));

        (await _admin.DeleteAsync(path)).IsRefusal(404, "EVENT_NOT_FOUND");
    }

    [Fact]
    public async Task LeaveWaitlist_ManyTimesAtOnce_LeavesOnce()
    {
        var (user, next, eventId) = (api.NewUser(), api.NewUser(), await api.CreateEventAsync(capacity: 1));
        (await user.JoinAsync(eventId, 2)).Is(201);
        (await next.JoinAsync(eventId, 2)).Is(201);

        AssertOne(204, 404, await AtOnceAsync(() => user.LeaveAsync(eventId)));

        (await user.LeaveAsync(eventId)).IsRefusal(404, "WAITLIST_ENTRY_NOT_FOUND");
        var entry = Assert.Single((await next.GetAsync("/api/waitlist")).Items);
        Assert.Equal(1, entry.GetProperty("position").GetInt32());
    }

    [Fact]
    public async Task UpdateProfile_ManyTimesAtOnce_IsTheOneChange()
    {
        var registered = (await api.Nobody.PostAsync("/api/auth/register", new
        {
            email = $"{Guid.NewGuid():N}@shop.example",
            password = "correct horse battery",
            first_name = "Ada",
            last_name = "Moss",
        })).Is(201);
        var user = new ApiCaller(api.Client, Guid.Empty, registered.Text("token"));
        var change = new { first_name = "Augusta" };

        Assert.All(await AtOnceAsync(() => user.PutAsync("/api/auth/profile", change)), one => one.Is(200));

        var profile = (await user.GetAsync("/api/auth/profile")).Is(200);
        Assert.Equal(("Augusta", "Moss"), (profile.Text("first_name"), profile.Text("last_name")));
    }

    private static Task<ApiAnswer[]> AtOnceAsync(Func<Task<ApiAnswer>> change) =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => change()));

    private static void AssertOne(int status, int others, ApiAnswer[] answers) =>
        Assert.Equal(
            [Math.Min(status, others), .. Enumerable.Repeat(others, AtOnce - 1)],
            answers.Select(answer => answer.Status).Order());

    private async Task AssertCountsAsync(Guid eventId, int available, int booked)
    {
        var read = (await _admin.GetAsync($"/api/events/{eventId}")).Is(200);
        Assert.Equal((available, booked), (read.Int("available_tickets"), read.Int("booked_tickets")));
    }
}
