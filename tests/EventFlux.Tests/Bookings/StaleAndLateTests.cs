using EventFlux.Contracts;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Faults;
using EventFlux.Contracts.Waitlist;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Bookings;

/// <summary>Requests that come too late, and activations that know too little.</summary>
public sealed class StaleAndLateTests(PostgresServer server) : EventClusterTest(server)
{
    private readonly Guid _user = Guid.NewGuid();
    private readonly IdempotencyClaim _claim = new("key", new byte[32]);

    [Fact]
    public async Task Book_ByATwinThatArrivesAfterTheFirstWasCancelled_BooksNothing()
    {
        var concert = await Cluster.CreateEventAsync(capacity: 10);
        var first = await concert.BookAsync(new(_user, 1, _claim), Token);
        await Cluster.Booking(first.Booking!.Id).CancelAsync(new(_user, AsAdmin: false), Token);

        var late = await concert.BookAsync(new(_user, 1, _claim), Token);

        Assert.Equal(BookOutcome.KeyJustUsed, late.Outcome);
        Assert.Equal(1, await Database.ScalarAsync<long>("SELECT count(*) FROM bookings"));
        Assert.Equal(10, await Database.ScalarAsync<int>("SELECT available FROM event_inventory"));
    }

    [Fact]
    public async Task Join_ByATwinThatArrivesAfterTheFirstLeft_JoinsNothing()
    {
        var concert = await Cluster.CreateEventAsync(capacity: 1);
        await concert.BookAsync(new(Guid.NewGuid(), 1), Token);
        await concert.JoinWaitlistAsync(new(_user, 1, _claim), Token);
        await concert.LeaveWaitlistAsync(_user, Token);

        var late = await concert.JoinWaitlistAsync(new(_user, 1, _claim), Token);

        Assert.Equal(JoinWaitlistOutcome.KeyJustUsed, late.Outcome);
        Assert.Equal(0, await Database.ScalarAsync<int>("SELECT waiting FROM event_inventory"));
    }

    [Fact]
    public async Task Cancel_ThroughAnActivationThatKnowsNotOfTheBooking_IsNeverToldAsDone()
    {
        var stale = await Cluster.CreateEventAsync(capacity: 10);
        await using var other = await EventCluster.StartAsync(Database);
        var booked = await other.Event(stale.GetPrimaryKey()).BookAsync(new(_user, 1), Token);

        await Assert.ThrowsAsync<ServiceUnavailableException>(() =>
            Cluster.Booking(booked.Booking!.Id).CancelAsync(new(_user, AsAdmin: false), Token));

        var outcome = await other.Booking(booked.Booking!.Id).CancelAsync(new(_user, AsAdmin: false), Token);
        Assert.Equal(CancelBookingOutcome.Cancelled, outcome);
    }
}
