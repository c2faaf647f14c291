using System.Text.Json;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Grains.Storage;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Storage;

/// <summary>Going on behind a place costs the page, however much comes before it.</summary>
public sealed class CursorCostTests(PostgresServer server)
{
    private const int Rows = 20_000;
    private static readonly Guid Event = Guid.Parse("01970000-0000-7000-8000-000000000001");

    [Fact]
    public async Task Page_BehindAPlaceInTheMiddle_ReadsAFewBlocks()
    {
        await using var database = await server.CreateDatabaseAsync();
        await FillAsync(database);
        foreach (var order in Enum.GetValues<EventOrder>())
            foreach (var descending in (bool[])[false, true])
            {
                var filter = new EventFilter(EventStatus.Active, Order: order, Descending: descending);
                await AssertCheapAsync(database, EventQueries.ListOf(filter, []), _ => { });
            }

        await AssertCheapAsync(database, BookingQueries.OfEvent, command => command.With(Event));
        await AssertCheapAsync(database, WaitlistQueries.QueueFromStart, command => command.With(Event));
    }

    [Fact]
    public async Task TotalOfAnEventsBookings_IsTheRows_AndReadsNoneOfThem()
    {
        await using var database = await server.CreateDatabaseAsync();
        await FillAsync(database);
        await database.ExecuteAsync("""
            UPDATE bookings SET status = 'cancelled', cancelled_at = now() WHERE reference IN ('R1', 'R2', 'R3')
            """);
        await database.ExecuteAsync("""
            INSERT INTO booking_analytics (event_id, day, bookings)
            SELECT event_id, (booked_at AT TIME ZONE 'UTC')::date, count(*) FROM bookings GROUP BY 1, 2
            """);
        await database.ExecuteAsync("DELETE FROM bookings WHERE reference IN ('R1', 'R2')");
        var queries = new BookingQueries(new(database.DataSource));

        var (all, cancelled, found) = (
            await queries.SearchOfEventAsync(Event, null, null, new(1, 1), CancellationToken.None),
            await queries.SearchOfEventAsync(Event, null, BookingStatus.Cancelled, new(1, 1), CancellationToken.None),
            await queries.SearchOfEventAsync(Event, "r1999", null, new(1, 1), CancellationToken.None));

        Assert.Equal((Rows - 2, 1, 11), (all.Total, cancelled.Total, found.Total));
        Assert.Equal(Rows - 2, (await queries.ListOfEventAsync(Event, new(1, 1), CancellationToken.None)).Total);
        var blocks = await BlocksAsync(
            database, BookingQueries.OfEvent, command => command.With(Event), new(1, 1), total: true);
        Assert.InRange(blocks, 1, 20);
    }

    private static async Task AssertCheapAsync(
        TestDatabase database, ListQuery list, Action<NpgsqlBatchCommand> parameters)
    {
        const int Middle = Rows / 2;
        var page = await new Database(database.DataSource)
            .PageAsync(list, parameters, _ => true, new(Middle, Limit: 1), CancellationToken.None);

        var byNumber = await BlocksAsync(database, list, parameters, new(Middle / 10, Limit: 10));
        var byPlace = await BlocksAsync(database, list, parameters, new(1, Limit: 10, page.Next!));

        Assert.True(byPlace is > 0 and < 120, $"{byPlace} blocks: {list}");
        // Where the index alone tells the order, passing over ten thousand rows is a hundred blocks.
        Assert.True(byNumber > byPlace * 3 / 2, $"{byNumber} against {byPlace} blocks: {list}");
    }

    private static async Task<int> BlocksAsync(
        TestDatabase database, ListQuery list, Action<NpgsqlBatchCommand> parameters, PageRequest page,
        bool total = false)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        list.Prepare(batch, parameters, page);
        while (batch.BatchCommands.Count > 1) batch.BatchCommands.RemoveAt(total ? 1 : 0);
        batch.BatchCommands[0].CommandText =
            $"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {batch.BatchCommands[0].CommandText}";
        var plan = JsonDocument.Parse((string)(await batch.ExecuteScalarAsync())!).RootElement[0].GetProperty("Plan");
        return plan.GetProperty("Shared Hit Blocks").GetInt32() + plan.GetProperty("Shared Read Blocks").GetInt32();
    }

    private static async Task FillAsync(TestDatabase database)
    {
        await database.ExecuteAsync($"""
            INSERT INTO events (id, name, venue, event_date, price, currency, capacity, status, details_version,
                                created_by, created_by_name, created_at, updated_at)
            SELECT CASE n WHEN 1 THEN '{Event}' ELSE gen_random_uuid() END, 'Event ' || n, 'Venue',
                   now() + (n + 1) * interval '1 minute', n % 1000, 'USD', 1 + n % 1000, 'active', 1,
                   gen_random_uuid(), 'Creator', now(), now()
              FROM generate_series(1, {Rows}) AS n
            """);
        await database.ExecuteAsync(
            "INSERT INTO event_inventory SELECT id, 1, capacity, capacity, 0, 0, 0 FROM events");
        await database.ExecuteAsync($"""
            INSERT INTO bookings (id, event_id, user_id, reference, quantity, unit_price, currency, booked_at)
            SELECT gen_random_uuid(), '{Event}', gen_random_uuid(), 'R' || n, 1, 1, 'USD',
                   now() - n * interval '1 second'
              FROM generate_series(1, {Rows}) AS n
            """);
        await database.ExecuteAsync($"""
            INSERT INTO waitlist_entries (id, event_id, user_id, sequence, quantity, joined_at)
            SELECT gen_random_uuid(), '{Event}', gen_random_uuid(), n, 1, now() FROM generate_series(1, {Rows}) AS n
            """);
        await database.ExecuteAsync("VACUUM ANALYZE");
    }
}
