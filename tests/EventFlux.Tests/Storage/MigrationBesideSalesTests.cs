using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Storage;

/// <summary>A migration waits for the commits under way, and they don't wait for it.</summary>
public sealed class MigrationBesideSalesTests(PostgresServer server)
{
    private const string Event = """
        INSERT INTO events (id, name, venue, event_date, price, currency, capacity, status, details_version, created_by,
                            created_by_name, created_at, updated_at)
        VALUES ('00000000-0000-0000-0000-000000000001', 'Event', 'Venue', now() + interval '30 days', 10, 'USD', 100,
                'active', 1, gen_random_uuid(), 'Creator', now(), now());
        INSERT INTO event_inventory SELECT id, 1, 100, 100, 0, 0, 0 FROM events
        """;

    private const string Waits = """
        SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND (wait_event_type = 'Lock' OR wait_event = 'PgSleep')
        """;

    private const string MoveOn = "UPDATE event_inventory SET version = version + 1";

    private const string CreateEvent = """
        INSERT INTO events (id, name, venue, event_date, price, currency, capacity, status, details_version, created_by,
                            created_by_name, created_at, updated_at)
        VALUES ('00000000-0000-0000-0000-000000000002', 'Event', 'Venue', now() + interval '30 days', 10, 'USD', 100,
                'active', 1, gen_random_uuid(), 'Creator', now(), now())
        """;

    private const string CreateInventory = """
        INSERT INTO event_inventory VALUES ('00000000-0000-0000-0000-000000000002', 1, 100, 100, 0, 0, 0)
        """;

    private const string AddToFirst = """
        INSERT INTO booking_analytics (event_id, day, bookings, tickets, revenue)
        VALUES ('00000000-0000-0000-0000-000000000001', (now() AT TIME ZONE 'UTC')::date, 1, 1, 10)
        """;

    private const string ChangeEvent = "UPDATE events SET name = 'Renamed'";

    private const string Book = """
        INSERT INTO bookings (id, event_id, user_id, reference, quantity, unit_price, currency, status, booked_at)
        SELECT gen_random_uuid(), id, gen_random_uuid(), 'EVT-A', 1, 10, 'USD', 'confirmed', now() FROM events
        """;

    private const string CancelAll = "UPDATE bookings SET status = 'cancelled', cancelled_at = now()";

    private const string AddToDay = """
        INSERT INTO booking_analytics (event_id, day, bookings, tickets, revenue)
        SELECT id, (now() AT TIME ZONE 'UTC')::date, 1, 1, 10 FROM events
        """;

    private const string Note = """
        INSERT INTO audit_log (occurred_at, action, subject_id) SELECT now(), 'event.update', id FROM events
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The last two: an event that is called off, whose statement may lock the books before the
    /// bookings.</summary>
    [Theory]
    [InlineData("0050_analytics.sql", Book, AddToDay, Note)]
    [InlineData("0050_analytics.sql", ChangeEvent, Book, AddToDay, Note)]
    [InlineData("0060_reads.sql", AddToDay, Note)]
    [InlineData("0060_reads.sql", ChangeEvent, Book, AddToDay, Note)]
    [InlineData("0050_analytics.sql", ChangeEvent, AddToDay, CancelAll, Note)]
    [InlineData("0060_reads.sql", ChangeEvent, AddToDay, CancelAll, Note)]
    [InlineData("0080_event_totals.sql", MoveOn, ChangeEvent, AddToDay, Note)]
    [InlineData("0080_event_totals.sql", CreateEvent, CreateInventory, AddToFirst, Note)]
    public async Task CommitUnderWay_GoesOn_AndTheMigrationAfterIt(string script, string begun, params string[] rest)
    {
        await using var database = await server.CreateEmptyDatabaseAsync();
        var scripts = MigrationScript.Embedded();
        await MigrateAsync(scripts.TakeWhile(one => one.Name != script));
        await database.ExecuteAsync(Event);
        await using var commit = await database.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await commit.BeginTransactionAsync(Token);
        await ExecuteAsync(commit, begun);

        var migration = MigrateAsync(scripts.TakeWhile(one => one.Name != script).Append(
            scripts.Single(one => one.Name == script)));
        await Wait.UntilAsync(
            async () => await database.ScalarAsync<long>(Waits) == 1, TimeSpan.FromSeconds(20),
            () => "The migration doesn't wait for the commit.");
        foreach (var statement in rest) await ExecuteAsync(commit, statement);
        Assert.False(migration.IsCompleted);
        await transaction.CommitAsync(Token);

        Assert.Equal([script], await migration);
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT sum(bookings) FROM booking_analytics"));

        Task<IReadOnlyList<string>> MigrateAsync(IEnumerable<MigrationScript> upTo) =>
            new MigrationRunner(database.ConnectionString, [.. upTo]).RunAsync(Token);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
