namespace EventFlux.Tests.Api;

/// <summary>Giving back, over HTTP.</summary>
[Collection<SharedApi>]
public sealed class BookingCancellationTests(ApiFixture api)
{
    [Fact]
    public async Task Cancel_AnswersTheCancelledBooking_AndFreesItsTickets()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 4));
        var booked = (await user.BookAsync(eventId, 4)).Is(201);

        var cancelled = (await user.CancelAsync(booked.Id)).Is(200);

        Assert.Equal((booked.Id, "cancelled"), (cancelled.Id, cancelled.Text("status")));
        Assert.True(cancelled.Json.GetProperty("cancelled_at").GetDateTimeOffset()
            >= booked.Json.GetProperty("booked_at").GetDateTimeOffset());
        var read = (await user.GetAsync($"/api/bookings/{booked.Id}")).Is(200);
        Assert.Equal(cancelled.Json.GetRawText(), read.Json.GetRawText());
        (await api.NewUser().BookAsync(eventId, 4)).Is(201);
    }

    [Fact]
    public async Task Cancel_Twice_IsRefused()
    {
        var user = api.NewUser();
        var booked = (await user.BookAsync(await api.CreateEventAsync(capacity: 4))).Is(201);
        (await user.CancelAsync(booked.Id)).Is(200);

        (await user.CancelAsync(booked.Id)).IsRefusal(409, "BOOKING_ALREADY_CANCELLED");
    }

    [Fact]
    public async Task Cancel_SomebodyElses_IsNotFoundAndChangesNothing()
    {
        var owner = api.NewUser();
        var booked = (await owner.BookAsync(await api.CreateEventAsync(capacity: 4))).Is(201);

        (await api.NewUser().CancelAsync(booked.Id)).IsRefusal(404, "BOOKING_NOT_FOUND");
        (await api.Nobody.CancelAsync(booked.Id)).IsRefusal(401, "MISSING_TOKEN");

        Assert.Equal("confirmed", (await owner.GetAsync($"/api/bookings/{booked.Id}")).Is(200).Text("status"));
    }

    [Fact]
    public async Task Cancel_WithinADayOfTheEvent_IsForAdmins()
    {
        var user = api.NewUser();
        var booked = (await user.BookAsync(await api.CreateEventAsync(4, ahead: TimeSpan.FromHours(23.9)))).Is(201);

        (await user.CancelAsync(booked.Id)).IsRefusal(409, "CANCELLATION_DEADLINE_PASSED");
        Assert.Equal("confirmed", (await user.GetAsync($"/api/bookings/{booked.Id}")).Text("status"));

        Assert.Equal("cancelled", (await api.NewAdmin().CancelAsync(booked.Id)).Is(200).Text("status"));
    }

    [Fact]
    public async Task Cancel_MoreThanADayBefore_IsForTheOwner()
    {
        var user = api.NewUser();
        var booked = (await user.BookAsync(await api.CreateEventAsync(4, ahead: TimeSpan.FromHours(24.1)))).Is(201);

        (await user.CancelAsync(booked.Id)).Is(200);
    }

    [Fact]
    public async Task Rebook_AfterCancelling_AnyNumberOfTimes()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 3));
        var ids = new HashSet<Guid>();
        for (var i = 0; i < 4; i++)
        {
            var booked = (await user.BookAsync(eventId, 3)).Is(201);
            Assert.True(ids.Add(booked.Id));
            (await user.CancelAsync(booked.Id)).Is(200);
        }

        Assert.Equal(4, (await user.GetAsync("/api/bookings?status=cancelled")).Int("total"));
    }

    [Fact]
    public async Task EventCancelled_CancelsItsBookings()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 3));
        var booked = (await user.BookAsync(eventId)).Is(201);

        (await api.NewAdmin().PutAsync($"/api/events/{eventId}", new { status = "cancelled" })).Is(200);

        Assert.Equal("cancelled", (await user.GetAsync($"/api/bookings/{booked.Id}")).Is(200).Text("status"));
        (await user.CancelAsync(booked.Id)).IsRefusal(409, "BOOKING_ALREADY_CANCELLED");
    }

    [Fact]
    public async Task Cancel_NeedsNoBodyAndNoContentType()
    {
        var user = api.NewUser();
        var booked = (await user.BookAsync(await api.CreateEventAsync(capacity: 3))).Is(201);

        var cancelled = await user.PutAsync($"/api/bookings/{booked.Id.ToString().ToUpperInvariant()}/cancel");

        cancelled.Is(200);
    }
}
