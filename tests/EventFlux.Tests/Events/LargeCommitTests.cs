using EventFlux.Contracts.Events;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Events;

/// <summary>One decision that concerns everybody: it is one commit, however many they are.</summary>
public sealed class LargeCommitTests(PostgresServer server, ITestOutputHelper output) : EventClusterTest(server)
{
    private const int People = 20_000;

    /// <summary>So many that comparing each with each would outlast the request.</summary>
    private const int Holders = 60_000;

    [Fact]
    public async Task MoreCapacity_IsOfferedToAllWhoWait_InOneCommit()
    {
        var concert = await SeedAsync("""
            INSERT INTO waitlist_entries (id, event_id, user_id, sequence, quantity, joined_at)
            SELECT gen_random_uuid(), id, gen_random_uuid(), n, 1 + n % 4, now()
              FROM events, generate_series(1, 20000) n;
            INSERT INTO bookings (id, event_id, user_id, reference, quantity, unit_price, currency, booked_at)
            SELECT gen_random_uuid(), id, gen_random_uuid(), 'EVT-SOLDOUT', 1, 10, 'USD', now() FROM events;
            UPDATE event_inventory SET available = 0, booked = 1, waiting = 20000;
            """);
        var started = TimeProvider.System.GetTimestamp();

        var result = await concert.UpdateAsync(new(new() { Capacity = 1_000_000 }), Token);

        output.WriteLine($"{People} offers in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F1} s");
        Assert.Equal(UpdateEventOutcome.Updated, result.Outcome);
        Assert.Equal(People, await CountAsync("SELECT count(*) FROM waitlist_entries WHERE status = 'notified'"));
        Assert.Equal(2, await CountAsync("SELECT version FROM event_inventory"));
        Assert.Equal(People, await CountAsync("SELECT count(*) FROM outbox WHERE kind = 'offer_made'"));
    }

    [Fact]
    public async Task CallingOff_CancelsEveryBooking_InOneCommit_AndTheBooksSayWhatTheyCost()
    {
        var concert = await SeedAsync($"""
            WITH sold AS (
              INSERT INTO bookings (id, event_id, user_id, reference, quantity, unit_price, currency, booked_at)
              SELECT gen_random_uuid(), id, gen_random_uuid(), 'EVT-' || n, 1, 10 + n % 2, 'USD', now()
                FROM events, generate_series(1, {Holders}) n
              RETURNING user_id, unit_price)
            INSERT INTO buyers SELECT user_id, unit_price - 9 FROM sold;
            UPDATE events SET capacity = {Holders};
            UPDATE event_inventory SET capacity = {Holders}, available = 0, booked = {Holders};
            """);

        var result = await concert.UpdateAsync(new(new() { Status = EventStatus.Cancelled }), Token);

        Assert.Equal(UpdateEventOutcome.Updated, result.Outcome);
        Assert.Equal(Holders, await CountAsync("SELECT count(*) FROM bookings WHERE status = 'cancelled'"));
        Assert.Equal(Holders, await CountAsync("SELECT available FROM event_inventory"));
        // Half of them had this booking alone, and half of them two.
        Assert.Equal(-Holders / 2, await CountAsync("SELECT buyers FROM booking_analytics"));
        Assert.Equal(-Holders / 2, await CountAsync("SELECT repeat_buyers FROM booking_analytics"));
        Assert.Equal(
            (Holders, Holders * 10.5m),
            (await CountAsync("SELECT cancellations FROM booking_analytics"),
             await Database.ScalarAsync<decimal>("SELECT refunded FROM booking_analytics")));
    }

    /// <summary>An event of one ticket, filled behind its back while it sleeps.</summary>
    private async Task<IEventGrain> SeedAsync(string sql)
    {
        var concert = await Cluster.CreateEventAsync(capacity: 1);
        await Cluster.DeactivateAsync(concert);
        await Database.ExecuteAsync(sql);
        return concert;
    }

    private async Task<long> CountAsync(string sql) =>
        await Database.ScalarAsync<long>($"SELECT ({sql})::bigint");
}
