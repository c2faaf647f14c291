using System.Text.Json;

namespace EventFlux.Tests.Api;

/// <summary>Offers that nobody takes, with a silo whose offers end after three seconds.</summary>
public sealed class WaitlistExpiryTests(BriefOfferFixture api) : IClassFixture<BriefOfferFixture>
{
    [Fact]
    public async Task OfferNotTaken_GoesToTheNextByItself()
    {
        var (first, second) = (api.NewUser(), api.NewUser());
        var eventId = await api.CreateEventAsync(capacity: 1);
        (await first.JoinAsync(eventId, 2)).Is(201);
        (await second.JoinAsync(eventId, 2)).Is(201);
        (await api.NewAdmin().PutAsync($"/api/events/{eventId}", new { capacity = 2 })).Is(200);
        var offered = Assert.Single(await OffersAsync(first));

        // Nobody touches the event from here on.
        var passedOn = (await Waiting.ForAsync(() => OffersAsync(second), offers => offers.Length == 1))[0];

        var (end, begin) = (offered.GetProperty("expires_at").GetDateTimeOffset(),
            passedOn.GetProperty("notified_at").GetDateTimeOffset());
        Assert.Equal(TimeSpan.FromSeconds(3), end - offered.GetProperty("notified_at").GetDateTimeOffset());
        Assert.InRange(begin - end, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Empty(await OffersAsync(first));
        Assert.Equal("expired", await StatusAsync(first));
    }

    [Fact]
    public async Task Book_AfterTheEnd_FindsTheOfferGone()
    {
        var (first, second) = (api.NewUser(), api.NewUser());
        var eventId = await api.CreateEventAsync(capacity: 1);
        (await first.JoinAsync(eventId, 2)).Is(201);
        (await second.JoinAsync(eventId, 2)).Is(201);
        (await api.NewAdmin().PutAsync($"/api/events/{eventId}", new { capacity = 2 })).Is(200);
        await Waiting.ForAsync(() => OffersAsync(first), offers => offers.Length == 0);

        var refused = (await first.BookAsync(eventId, 2)).IsRefusal(409, "INSUFFICIENT_AVAILABILITY");

        Assert.Equal(0, refused.Int("available_tickets"));
        (await second.BookAsync(eventId, 2)).Is(201);
    }

    [Fact]
    public async Task Rejoin_AfterTheEnd_IsAtTheBack()
    {
        var (first, second, third) = (api.NewUser(), api.NewUser(), api.NewUser());
        var eventId = await api.CreateEventAsync(capacity: 1);
        foreach (var user in (ApiCaller[])[first, second, third]) (await user.JoinAsync(eventId, 2)).Is(201);
        (await api.NewAdmin().PutAsync($"/api/events/{eventId}", new { capacity = 2 })).Is(200);
        await Waiting.ForAsync(() => StatusAsync(first), status => status == "expired");

        var rejoined = (await first.JoinAsync(eventId, 2)).Is(201);

        Assert.Equal(2, rejoined.Int("position"));
        (await second.LeaveAsync(eventId)).Is(204);
        Assert.Single(await OffersAsync(third));
    }

    [Fact]
    public async Task LastOfferNotTaken_FreesTheTicketsForAnybody()
    {
        var first = api.NewUser();
        var eventId = await api.CreateEventAsync(capacity: 1);
        (await first.JoinAsync(eventId, 2)).Is(201);
        (await api.NewAdmin().PutAsync($"/api/events/{eventId}", new { capacity = 2 })).Is(200);
        (await api.NewUser().BookAsync(eventId, 1)).IsRefusal(409, "INSUFFICIENT_AVAILABILITY");

        var booked = await Waiting.ForAsync(
            () => api.NewUser().BookAsync(eventId, 2), answer => answer.Status == 201);

        Assert.Equal(2, booked.Int("quantity"));
        Assert.Equal("expired", await StatusAsync(first));
    }

    private static async Task<JsonElement[]> OffersAsync(ApiCaller user) =>
        (await user.GetAsync("/api/waitlist/notifications")).Is(200).Items;

    private static async Task<string?> StatusAsync(ApiCaller user) =>
        (await user.GetAsync("/api/waitlist?limit=1")).Is(200).Items[0].GetProperty("status").GetString();
}
