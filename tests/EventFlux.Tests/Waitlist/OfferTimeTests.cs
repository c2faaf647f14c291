using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Waitlist;
using EventFlux.Grains.Events;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Waitlist;

/// <summary>Offers and ends of events on a clock that the test holds: by their instants, by timers, and by the
/// sweep.</summary>
public sealed class OfferTimeTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly TimeSpan OfferDuration = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HeldClock _time = new(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly (Guid Buyer, Guid First, Guid Second) _user = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
    private TestDatabase _database = null!;
    private EventCluster _cluster = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _cluster = await EventCluster.StartAsync(_database, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task ReturnedTickets_AreOfferedInTheSameCommit()
    {
        var concert = await SoldOutWithTwoWaitingAsync();
        var versionBefore = await VersionAsync();

        await CancelAsync(_user.Buyer);

        Assert.Equal(versionBefore + 1, await VersionAsync());
        Assert.Equal((0, 2), (await CountAsync("available"), await CountAsync("held")));
        Assert.Equal("notified", await StatusAsync(_user.First));
        var snatch = await concert.BookAsync(new(Guid.NewGuid(), 1), Token);
        Assert.Equal(BookOutcome.InsufficientAvailability, snatch.Outcome);
    }

    [Fact]
    public async Task Offer_AtItsEnd_IsDeadWhoeverAsks_AndTheNextHasIt()
    {
        var concert = await SoldOutWithTwoWaitingAsync();
        await CancelAsync(_user.Buyer);
        await _cluster.DeactivateAsync(concert);

        // No timer is alive, no sweep has run: the question itself finds the offer dead.
        _time.Advance(OfferDuration);
        var late = await concert.BookAsync(new(_user.First, 2), Token);
        var inTime = await concert.BookAsync(new(_user.Second, 2), Token);

        Assert.Equal(BookOutcome.InsufficientAvailability, late.Outcome);
        Assert.Equal(BookOutcome.Confirmed, inTime.Outcome);
        Assert.Equal("expired", await StatusAsync(_user.First));
        Assert.Equal("converted", await StatusAsync(_user.Second));
    }

    [Fact]
    public async Task Offer_AMomentBeforeItsEnd_IsTheHolders_AndFewerTicketsMoveTheRestOn()
    {
        var concert = await SoldOutWithTwoWaitingAsync(secondQuantity: 1);
        await CancelAsync(_user.Buyer);
        _time.Advance(OfferDuration - Moment);

        var fewer = await concert.BookAsync(new(_user.First, 1), Token);

        Assert.Equal(BookOutcome.Confirmed, fewer.Outcome);
        Assert.Equal("notified", await StatusAsync(_user.Second));
        Assert.Equal((1, 1), (await CountAsync("booked"), await CountAsync("held")));
    }

    [Fact]
    public async Task ActiveEvent_OffersOnByItsTimer_WithNobodyAsking()
    {
        await _cluster.DisposeAsync();
        _cluster = await EventCluster.StartAsync(
            _database, events: new EventOptions { OfferDuration = TimeSpan.FromSeconds(1) });
        await SoldOutWithTwoWaitingAsync();

        await CancelAsync(_user.Buyer);

        await Wait.UntilAsync(
            async () => await StatusAsync(_user.First) == "expired", Patience,
            () => "The timer did not end the offer.");
        Assert.NotEqual("waiting", await StatusAsync(_user.Second));
    }

    [Fact]
    public async Task SleepingEvent_OffersOnByTheSweep()
    {
        var concert = await SoldOutWithTwoWaitingAsync();
        await CancelAsync(_user.Buyer);
        await _cluster.DeactivateAsync(concert);
        _time.Advance(OfferDuration + Moment);

        var runs = await _cluster.Maintenance.RunAsync(Token);

        Assert.Equal(1, runs.Single(run => run.Job == "end-offers").Processed);
        Assert.Equal("notified", await StatusAsync(_user.Second));
        Assert.Equal(2, await CountAsync("held"));
    }

    [Fact]
    public async Task Event_AYearAhead_IsCompletedByTheSweep_AndClosesItsWaitlist()
    {
        var concert = await SoldOutWithTwoWaitingAsync(ahead: TimeSpan.FromDays(365));
        await _cluster.DeactivateAsync(concert);
        // Nobody was there at the moment itself: the whole cluster may have been down.
        _time.Advance(TimeSpan.FromDays(365) + TimeSpan.FromHours(5));

        var runs = await _cluster.Maintenance.RunAsync(Token);

        Assert.Equal(1, runs.Single(run => run.Job == "complete-events").Processed);
        Assert.Equal("completed", await _database.ScalarAsync<string>("SELECT status FROM events"));
        Assert.Equal(("closed", "closed"), (await StatusAsync(_user.First), await StatusAsync(_user.Second)));
        var again = await _cluster.Maintenance.RunAsync(Token);
        Assert.Equal(0, again.Single(run => run.Job == "complete-events").Processed);
    }

    [Fact]
    public async Task Offer_EndsAtTheEventsDateAtTheLatest()
    {
        await SoldOutWithTwoWaitingAsync(ahead: TimeSpan.FromHours(24) + TimeSpan.FromMinutes(5));
        _time.Advance(TimeSpan.FromHours(23) + TimeSpan.FromMinutes(55));
        await CancelAsync(_user.Buyer, asAdmin: true);

        var length = await _database.ScalarAsync<TimeSpan>(
            "SELECT expires_at - notified_at FROM waitlist_entries WHERE status = 'notified'");

        Assert.Equal(TimeSpan.FromMinutes(10), length);
    }

    [Fact]
    public async Task CancelledEvent_ClosesItsWaitlist_AndRejoiningADeadOfferGoesToTheBack()
    {
        var concert = await SoldOutWithTwoWaitingAsync();
        await CancelAsync(_user.Buyer);
        _time.Advance(OfferDuration);
        await concert.AdvanceTimeAsync(Token);

        var rejoined = await concert.JoinWaitlistAsync(new(_user.First, 2), Token);
        Assert.Equal((JoinWaitlistOutcome.Joined, 1), (rejoined.Outcome, rejoined.Entry!.Position));
        Assert.True(await _database.ScalarAsync<bool>(
            "SELECT max(sequence) = 3 FROM waitlist_entries WHERE status = 'waiting'"));

        await concert.UpdateAsync(new(new() { Status = EventStatus.Cancelled }), Token);
        Assert.Equal(("closed", "closed"), (await StatusAsync(_user.First), await StatusAsync(_user.Second)));
    }

    /// <summary>Two tickets, both sold to the buyer; the first and the second wait.</summary>
    private async Task<IEventGrain> SoldOutWithTwoWaitingAsync(int secondQuantity = 2, TimeSpan? ahead = null)
    {
        var concert = await _cluster.CreateEventAsync(capacity: 2, ahead);
        await concert.BookAsync(new(_user.Buyer, 2), Token);
        Assert.Equal(JoinWaitlistOutcome.Joined, (await concert.JoinWaitlistAsync(new(_user.First, 2), Token)).Outcome);
        var second = await concert.JoinWaitlistAsync(new(_user.Second, secondQuantity), Token);
        Assert.Equal((JoinWaitlistOutcome.Joined, 2), (second.Outcome, second.Entry!.Position));
        return concert;
    }

    private async Task CancelAsync(Guid user, bool asAdmin = false)
    {
        var id = await _database.ScalarAsync<Guid>($"SELECT id FROM bookings WHERE user_id = '{user}'");
        Assert.Equal(CancelBookingOutcome.Cancelled, await _cluster.Booking(id).CancelAsync(new(user, asAdmin), Token));
    }

    private Task<long> VersionAsync() => _database.ScalarAsync<long>("SELECT version FROM event_inventory");

    private Task<int> CountAsync(string column) => _database.ScalarAsync<int>($"SELECT {column} FROM event_inventory");

    private Task<string> StatusAsync(Guid user) => _database.ScalarAsync<string>(
        $"SELECT status FROM waitlist_entries WHERE user_id = '{user}' ORDER BY sequence DESC LIMIT 1");
}
