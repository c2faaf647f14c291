using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Storage;

/// <summary>How many people hold a booking, and how many hold two, is a sum that every commit keeps.</summary>
public sealed class BuyersTests(PostgresServer server) : EventClusterTest(server)
{
    private const int People = 60;
    private const int Rounds = 4;

    /// <summary>Two clusters, so that nothing but the database stands between the commits; each event's batches hold
    /// many of the same users, in an order of its own.</summary>
    [Fact]
    public async Task SameUsersInManyEventsAtOnce_NoCommitFails_AndTheSumsAreExact()
    {
        await using var other = await EventCluster.StartAsync(Database);
        (EventCluster Cluster, IEventGrain Event)[] events =
        [
            (Cluster, await Cluster.CreateEventAsync(1000)), (Cluster, await Cluster.CreateEventAsync(1000)),
            (other, await other.CreateEventAsync(1000)), (other, await other.CreateEventAsync(1000)),
        ];
        var users = Enumerable.Range(0, People).Select(_ => Guid.NewGuid()).ToArray();

        for (var round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(events.SelectMany((sale, place) => Shuffled(users, (round * 10) + place).Select(
                user => sale.Event.BookAsync(new(user, 1), Token))));
            Assert.Equal((People, People), await SumsAsync());
            var bookings = await Task.WhenAll(events.SelectMany((sale, place) => Shuffled(users, place)
                .Take(round == Rounds - 1 ? People / 2 : People).Select(user => CancelAsync(sale, user))));
            Assert.All(bookings, outcome => Assert.Equal(CancelBookingOutcome.Cancelled, outcome));
            await VerifiedDatabase.AssertNoDifferenceAsync(Database.DataSource);
        }

        Assert.Equal(
            await Database.ScalarAsync<long>("SELECT count(DISTINCT user_id) FROM bookings WHERE status = 'confirmed'"),
            (await SumsAsync()).Buyers);
    }

    [Fact]
    public async Task CallingOff_TakesItsBuyersAway_AndLeavesThoseOfOtherEvents()
    {
        var (off, stays) = (await Cluster.CreateEventAsync(100), await Cluster.CreateEventAsync(100));
        var users = Enumerable.Range(0, 10).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var user in users) await off.BookAsync(new(user, 2), Token);
        foreach (var user in users[..4]) await stays.BookAsync(new(user, 1), Token);
        Assert.Equal((10, 4), await SumsAsync());

        var result = await off.UpdateAsync(new(new() { Status = EventStatus.Cancelled }), Token);

        Assert.Equal(UpdateEventOutcome.Updated, result.Outcome);
        Assert.Equal((4, 0), await SumsAsync());
        await VerifiedDatabase.AssertNoDifferenceAsync(Database.DataSource);
    }

    private async Task<CancelBookingOutcome> CancelAsync((EventCluster Cluster, IEventGrain Event) sale, Guid user)
    {
        var booking = await Database.ScalarAsync<Guid>(
            "SELECT id FROM bookings WHERE user_id = $1 AND event_id = $2 AND status = 'confirmed'", user,
            sale.Event.GetPrimaryKey());
        return await sale.Cluster.Booking(booking).CancelAsync(new(user, AsAdmin: false), Token);
    }

    private async Task<(long Buyers, long Repeat)> SumsAsync() => (
        await Database.ScalarAsync<long>("SELECT sum(buyers) FROM booking_analytics"),
        await Database.ScalarAsync<long>("SELECT sum(repeat_buyers) FROM booking_analytics"));

    private static Guid[] Shuffled(Guid[] users, int seed)
    {
        var order = users.ToArray();
        new Random(seed).Shuffle(order);
        return order;
    }
}
