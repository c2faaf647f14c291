using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Storage;

/// <summary>A database that sold before the sums were kept has them after the migration.</summary>
public sealed class AnalyticsMigrationTests(PostgresServer server)
{
    private const string Script = "0050_analytics.sql";

    private const string Sold = """
        INSERT INTO users
        SELECT gen_random_uuid(), n || '@example.org', 'A', 'B', 'user', 1, now() - n * interval '1 day', now(), now()
          FROM generate_series(1, 5) AS n;
        INSERT INTO events (id, name, venue, event_date, price, currency, capacity, status, details_version, created_by,
                            created_by_name, created_at, updated_at)
        SELECT gen_random_uuid(), 'Event ' || n, 'Venue', now() + interval '30 days', 10, 'USD', 100, 'active', 1,
               gen_random_uuid(), 'Creator', now(), now() FROM generate_series(1, 3) AS n;
        INSERT INTO event_inventory SELECT id, 1, 100, 100, 0, 0, 0 FROM events;
        -- Ten people in each of three events, of whom the first n cancelled in the n-th.
        INSERT INTO bookings (id, event_id, user_id, reference, quantity, unit_price, currency, status, booked_at,
                              cancelled_at)
        SELECT gen_random_uuid(), id, md5(user_number::text)::uuid, 'EVT-' || n || '-' || user_number, 2, 10, 'USD',
               CASE WHEN user_number <= n THEN 'cancelled' ELSE 'confirmed' END, now() - n * interval '1 day',
               CASE WHEN user_number <= n THEN now() END
          FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM events) AS e,
               generate_series(1, 10) AS user_number;
        UPDATE event_inventory i SET available = 100 - b.tickets, booked = b.tickets
          FROM (SELECT event_id, sum(quantity) AS tickets FROM bookings WHERE status = 'confirmed' GROUP BY 1) AS b
         WHERE b.event_id = i.event_id;
        INSERT INTO booking_analytics (event_id, day, bookings, tickets, revenue)
        SELECT event_id, (booked_at AT TIME ZONE 'UTC')::date, count(*), sum(quantity), sum(quantity * unit_price)
          FROM bookings GROUP BY 1, 2;
        INSERT INTO booking_analytics AS a (event_id, day, cancellations, refunded)
        SELECT event_id, (cancelled_at AT TIME ZONE 'UTC')::date, count(*), sum(quantity * unit_price)
          FROM bookings WHERE status = 'cancelled' GROUP BY 1, 2
        ON CONFLICT (event_id, day) DO UPDATE
           SET cancellations = excluded.cancellations, refunded = excluded.refunded;
        -- And what retention had removed by then.
        DELETE FROM bookings WHERE id IN (SELECT id FROM bookings WHERE status = 'cancelled' LIMIT 2);
        """;

    [Fact]
    public async Task DatabaseThatSoldBefore_IsVerifiedAfterwards()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();
        var scripts = MigrationScript.Embedded();
        var before = scripts.TakeWhile(script => script.Name != Script).ToList();
        Assert.NotEqual(scripts.Count, before.Count);
        await new MigrationRunner(database.ConnectionString, before).RunAsync(TestContext.Current.CancellationToken);
        await database.ExecuteAsync(Sold);

        await new MigrationRunner(database.ConnectionString, scripts).RunAsync(TestContext.Current.CancellationToken);

        await VerifiedDatabase.AssertNoDifferenceAsync(database.DataSource);
        // The first cancelled in all three events, the second in two of them.
        Assert.Equal(9, await database.ScalarAsync<long>("SELECT sum(buyers) FROM booking_analytics"));
        Assert.Equal(8, await database.ScalarAsync<long>("SELECT sum(repeat_buyers) FROM booking_analytics"));
        Assert.Equal(2, await database.ScalarAsync<long>("SELECT sum(cancellations) FROM removed_analytics"));
        Assert.Equal(5, await database.ScalarAsync<long>("SELECT sum(users) FROM user_signups"));
    }
}
