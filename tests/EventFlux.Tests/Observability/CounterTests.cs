using EventFlux.Tests.Faults;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Observability;

/// <summary>The counters of real silos say what happened, to the last one.</summary>
public sealed class CounterTests(PostgresServer server) : SiloGroupTest(server)
{
    private const string Refused = "eventflux_bookings_refused_total";

    [Fact]
    public async Task Sales_AreCountedOnce_WithEachRefusalByItsReason()
    {
        var silo = await Silos.StartAsync(environment: [("WAITLIST_OFFER_MINUTES", "0.05")]);
        var concert = await Silos.CreateEventAsync(silo, capacity: 3);
        var (ada, ben, cleo, dora) = (Silos.User(silo), Silos.User(silo), Silos.User(silo), Silos.User(silo));

        var first = (await ada.BookAsync(concert, 2, "key")).Is(201).Id;
        (await ada.BookAsync(concert, 2, "key")).Is(201);
        var second = (await ben.BookAsync(concert)).Is(201).Id;
        (await ada.BookAsync(concert)).IsRefusal(409, "DUPLICATE_BOOKING");
        (await cleo.BookAsync(concert)).IsRefusal(409, "INSUFFICIENT_AVAILABILITY");
        (await dora.BookAsync(concert)).IsRefusal(409, "INSUFFICIENT_AVAILABILITY");
        (await cleo.BookAsync(Guid.CreateVersion7(TimeProvider.System.GetUtcNow()))).IsRefusal(404, "EVENT_NOT_FOUND");
        (await cleo.JoinAsync(concert, 2)).Is(201);
        (await dora.JoinAsync(concert)).Is(201);
        (await ada.CancelAsync(first)).Is(200); // Offered to Cleo, who takes one; Dora is offered the other.
        (await cleo.BookAsync(concert)).Is(201);
        (await ben.CancelAsync(second)).Is(200);
        await Scrape.ReadAsync(silo.Http, found => found.Value("eventflux_offers_expired_total") >= 1);
        var called = await Silos.Admin(silo).PutAsync($"/api/events/{concert}", new { status = "cancelled" });
        called.Is(200);
        (await dora.BookAsync(concert)).IsRefusal(409, "EVENT_NOT_BOOKABLE");

        var scrape = await Scrape.ReadAsync(silo.Http, found => found.Value(Refused) >= 5);
        Assert.Equal(3, scrape.Value("eventflux_bookings_accepted_total"));
        Assert.Equal(4, scrape.Value("eventflux_tickets_sold_total"));
        Assert.Equal(1, scrape.Value(Refused, "reason=\"duplicate_booking\""));
        Assert.Equal(2, scrape.Value(Refused, "reason=\"insufficient_availability\""));
        Assert.Equal(1, scrape.Value(Refused, "reason=\"event_not_found\""));
        Assert.Equal(1, scrape.Value(Refused, "reason=\"event_not_bookable\""));
        Assert.Equal(5, scrape.Value(Refused));
        // Two were given back, and Cleo's went with the event.
        Assert.Equal(3, scrape.Value("eventflux_bookings_cancelled_total"));
        Assert.Equal(2, scrape.Value("eventflux_waitlist_joined_total"));
        Assert.Equal(2, scrape.Value("eventflux_offers_made_total"));
        Assert.Equal(1, scrape.Value("eventflux_offers_taken_total"));
        Assert.Equal(1, scrape.Value("eventflux_offers_expired_total"));
        Assert.Equal(0, scrape.Value("eventflux_commit_failures_total"));
        Assert.Equal(
            scrape.Value("eventflux_commit_size_count"), scrape.Value("eventflux_commit_duration_seconds_count"));
        Assert.Equal(
            scrape.Value("eventflux_commit_wait_seconds_count"),
            scrape.Value("eventflux_commit_duration_seconds_count"));
        Assert.Equal(0, scrape.Value("eventflux_requests_under_way"));
    }

    [Fact]
    public async Task FenceHit_IsCountedWhereItHappened()
    {
        var (one, two) = (await Silos.StartAsync("one"), await Silos.StartAsync("two"));
        var concert = await Silos.CreateEventAsync(one, capacity: 10);
        (await Silos.User(one).BookAsync(concert)).Is(201);
        (await Silos.User(two).BookAsync(concert)).Is(201); // Its cluster knows nothing of the other's activation.
        (await Silos.User(one).BookAsync(concert, 1, "key")).Is(201); // Fenced, and booked at the second attempt.

        var (here, there) = (await Scrape.ReadAsync(one.Http), await Scrape.ReadAsync(two.Http));
        Assert.Equal(1, here.Value("eventflux_commit_failures_total", "reason=\"fenced\""));
        Assert.Equal(1, here.Value("eventflux_commit_failures_total"));
        Assert.Equal(0, there.Value("eventflux_commit_failures_total"));
        Assert.Equal(2, here.Value("eventflux_bookings_accepted_total"));
        Assert.Equal(1, there.Value("eventflux_bookings_accepted_total"));
    }
}
