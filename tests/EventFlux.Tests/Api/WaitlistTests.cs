using System.Text.Json;

namespace EventFlux.Tests.Api;

/// <summary>Waiting for tickets, being offered some, and taking or leaving them.</summary>
[Collection<SharedApi>]
public sealed class WaitlistTests(ApiFixture api)
{
    private readonly ApiCaller _holder = api.NewUser();

    [Fact]
    public async Task Join_ASoldOutEvent_AnswersThePlaceInTheQueue()
    {
        var user = api.NewUser();
        var (eventId, _) = await SoldOutAsync(capacity: 2);
        (await api.NewUser().JoinAsync(eventId, 1)).Is(201);

        var joined = (await user.JoinAsync(eventId, 2)).Is(201);
        Assert.Equal(
            ["event_date", "event_id", "event_name", "expires_at", "id", "joined_at", "notified_at", "position",
                "quantity", "sections", "status", "user_id"],
            joined.Json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal((eventId.ToString(), user.Id.ToString()), (joined.Text("event_id"), joined.Text("user_id")));
        Assert.Equal(("A concert", "waiting", 2, 2),
            (joined.Text("event_name"), joined.Text("status"), joined.Int("quantity"), joined.Int("position")));
        Assert.Equal((null, null), (joined.Text("notified_at"), joined.Text("expires_at")));
        Assert.Equal($"/api/waitlist/{eventId}", joined.Headers.Location?.ToString());
        var listed = Assert.Single((await user.GetAsync("/api/waitlist")).Is(200).Items);
        Assert.Equal(joined.Json.GetRawText(), listed.GetRawText());
    }

    [Fact]
    public async Task Join_WithFewerFreeThanWanted_Waits()
    {
        var eventId = await api.CreateEventAsync(capacity: 3);

        Assert.Equal(1, (await api.NewUser().JoinAsync(eventId, 4)).Is(201).Int("position"));
    }

    [Fact]
    public async Task Cancel_OffersTheTicketsInTheOrderOfJoining()
    {
        var (a, b, c) = (api.NewUser(), api.NewUser(), api.NewUser());
        var (eventId, held) = await SoldOutAsync(capacity: 4);
        (await a.JoinAsync(eventId, 3)).Is(201);
        (await b.JoinAsync(eventId, 2)).Is(201);
        (await c.JoinAsync(eventId, 1)).Is(201);

        (await _holder.CancelAsync(held)).Is(200);

        // The second in line doesn't fit into what the first leaves, and keeps its place; the third does.
        Assert.Equal(("notified", null), await EntryAsync(a));
        Assert.Equal(("waiting", 1), await EntryAsync(b));
        Assert.Equal(("notified", null), await EntryAsync(c));
        var concert = (await api.NewAdmin().GetAsync($"/api/events/{eventId}")).Is(200);
        Assert.Equal((0, 0, 4, 1), (concert.Int("available_tickets"), concert.Int("booked_tickets"),
            concert.Int("held_tickets"), concert.Int("waitlist_length")));
    }

    [Fact]
    public async Task Notifications_ShowTheOpenOffer()
    {
        var user = api.NewUser();
        var eventId = await OfferedAsync(user, quantity: 3);

        var offer = Assert.Single((await user.GetAsync("/api/waitlist/notifications")).Is(200).Items);

        Assert.Equal(eventId, offer.GetProperty("event").GetProperty("id").GetGuid());
        Assert.Equal("A concert", offer.GetProperty("event").GetProperty("name").GetString());
        Assert.Equal(3, offer.GetProperty("quantity").GetInt32());
        Assert.Equal(
            TimeSpan.FromMinutes(15),
            offer.GetProperty("expires_at").GetDateTimeOffset() - offer.GetProperty("notified_at").GetDateTimeOffset());
        Assert.Empty((await api.NewUser().GetAsync("/api/waitlist/notifications")).Is(200).Items);
    }

    [Fact]
    public async Task HeldTickets_AreTheHoldersAlone()
    {
        var (user, other) = (api.NewUser(), api.NewUser());
        var eventId = await OfferedAsync(user, quantity: 3);

        Assert.Equal(0, (await other.BookAsync(eventId, 1)).IsRefusal(409, "INSUFFICIENT_AVAILABILITY")
            .Int("available_tickets"));
        Assert.Equal(3, (await user.BookAsync(eventId, 4)).IsRefusal(409, "INSUFFICIENT_AVAILABILITY")
            .Int("available_tickets"));
        Assert.Equal(("notified", null), await EntryAsync(user));
        (await user.BookAsync(eventId, 3)).Is(201);
        Assert.Equal(("converted", null), await EntryAsync(user));
        Assert.Empty((await user.GetAsync("/api/waitlist/notifications")).Is(200).Items);
    }

    [Fact]
    public async Task BookFewerThanOffered_GivesTheRestToTheNext()
    {
        var (first, second, third) = (api.NewUser(), api.NewUser(), api.NewUser());
        var eventId = await OfferedAsync(first, quantity: 4);
        (await second.JoinAsync(eventId, 3)).Is(201);
        (await third.JoinAsync(eventId, 2)).Is(201);

        (await first.BookAsync(eventId, 1)).Is(201);

        Assert.Equal(("notified", null), await EntryAsync(second));
        Assert.Equal(("waiting", 1), await EntryAsync(third));
        Assert.Equal(3, (await second.BookAsync(eventId, 3)).Is(201).Int("quantity"));
    }

    [Fact]
    public async Task Leave_AnOffer_GivesItToTheNext()
    {
        var (first, second) = (api.NewUser(), api.NewUser());
        var eventId = await OfferedAsync(first, quantity: 2);
        (await second.JoinAsync(eventId, 2)).Is(201);

        (await first.LeaveAsync(eventId)).Is(204);

        Assert.Equal(("left", null), await EntryAsync(first));
        Assert.Equal(("notified", null), await EntryAsync(second));
        (await first.LeaveAsync(eventId)).IsRefusal(404, "WAITLIST_ENTRY_NOT_FOUND");
    }

    [Fact]
    public async Task LeaveAndRejoin_IsAtTheBack()
    {
        var (first, second, third) = (api.NewUser(), api.NewUser(), api.NewUser());
        var (eventId, _) = await SoldOutAsync(capacity: 1);
        foreach (var user in (ApiCaller[])[first, second, third]) (await user.JoinAsync(eventId)).Is(201);

        (await first.LeaveAsync(eventId)).Is(204);
        Assert.Equal(("waiting", 1), await EntryAsync(second));

        Assert.Equal(3, (await first.JoinAsync(eventId)).Is(201).Int("position"));
        Assert.Equal(("waiting", 2), await EntryAsync(third));
        var entries = (await first.GetAsync("/api/waitlist")).Is(200).Items;
        Assert.Equal(["waiting", "left"], entries.Select(entry => entry.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Book_FreeTicketsWhileWaitingForMore_LeavesTheQueue()
    {
        var (user, eventId) = (api.NewUser(), await api.CreateEventAsync(capacity: 2));
        (await user.JoinAsync(eventId, 3)).Is(201);

        (await user.BookAsync(eventId, 2)).Is(201);

        Assert.Equal(("converted", null), await EntryAsync(user));
    }

    [Fact]
    public async Task MoreCapacity_GoesToTheWaiting()
    {
        var user = api.NewUser();
        var (eventId, _) = await SoldOutAsync(capacity: 2);
        (await user.JoinAsync(eventId, 2)).Is(201);

        (await api.NewAdmin().PutAsync($"/api/events/{eventId}", new { capacity = 5 })).Is(200);

        Assert.Equal(("notified", null), await EntryAsync(user));
        Assert.Equal(1, (await api.NewUser().BookAsync(eventId, 2)).IsRefusal(409, "INSUFFICIENT_AVAILABILITY")
            .Int("available_tickets"));
    }

    [Fact]
    public async Task EventCancelled_ClosesItsWaitlist()
    {
        var (offered, waiting) = (api.NewUser(), api.NewUser());
        var eventId = await OfferedAsync(offered, quantity: 2);
        (await waiting.JoinAsync(eventId, 1)).Is(201);

        (await api.NewAdmin().PutAsync($"/api/events/{eventId}", new { status = "cancelled" })).Is(200);

        Assert.Equal(("closed", null), await EntryAsync(offered));
        Assert.Equal(("closed", null), await EntryAsync(waiting));
        Assert.Empty((await offered.GetAsync("/api/waitlist/notifications")).Is(200).Items);
        (await offered.BookAsync(eventId)).IsRefusal(409, "EVENT_NOT_BOOKABLE");
        (await waiting.LeaveAsync(eventId)).IsRefusal(404, "WAITLIST_ENTRY_NOT_FOUND");
    }

    /// <summary>An event whose tickets are all with one user.</summary>
    private async Task<(Guid EventId, Guid BookingId)> SoldOutAsync(int capacity)
    {
        var eventId = await api.CreateEventAsync(capacity);
        return (eventId, (await _holder.BookAsync(eventId, capacity)).Is(201).Id);
    }

    /// <summary>An event whose tickets are all held for this user.</summary>
    private async Task<Guid> OfferedAsync(ApiCaller user, int quantity)
    {
        var (eventId, held) = await SoldOutAsync(quantity);
        (await user.JoinAsync(eventId, quantity)).Is(201);
        (await _holder.CancelAsync(held)).Is(200);
        return eventId;
    }

    /// <summary>The user's newest entry.</summary>
    private static async Task<(string? Status, int? Position)> EntryAsync(ApiCaller user)
    {
        var entry = (await user.GetAsync("/api/waitlist?limit=1")).Is(200).Items[0];
        return (entry.GetProperty("status").GetString(), entry.GetProperty("position").Deserialize<int?>());
    }
}
