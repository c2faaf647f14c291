using EventFlux.Contracts.Events;
using EventFlux.Grains.Storage;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Storage;

/// <summary>Totals of lists of events, beside a count of the rows.</summary>
public sealed class EventTotalTests(PostgresServer server) : IAsyncLifetime
{
    /// <summary>Dates around now and around midnights of the days near it, so that each bound meets some.</summary>
    private const string Create = """
        INSERT INTO events (id, name, venue, event_date, price, currency, category, capacity, status, details_version,
                            created_by, created_by_name, created_at, updated_at)
        SELECT gen_random_uuid(), 'Event ' || (ARRAY['jazz', 'opera'])[1 + n % 2], 'Venue', d.at, 10, 'USD',
               (ARRAY['Kind', 'kind', 'other', NULL])[1 + n % 4], 10,
               (ARRAY['active', 'active', 'draft', 'cancelled', 'completed'])[1 + n % 5], 1, gen_random_uuid(),
               'Creator', now(), now()
          FROM generate_series(1, 200) AS n
         CROSS JOIN LATERAL (VALUES (
           CASE n % 3 WHEN 0 THEN date_trunc('day', now(), 'UTC') + (n % 7 - 3) * interval '1 day'
                      WHEN 1 THEN now() + (n - 100) * interval '1 hour'
                      ELSE date_trunc('day', now(), 'UTC') + (n % 5) * interval '1 day' - interval '1 microsecond' END
           )) AS d (at)
        """;

    private const string CreateInventory = """
        INSERT INTO event_inventory
        SELECT id, 1, 10, CASE WHEN price_rank % 6 = 0 THEN 0 ELSE 10 END,
               CASE WHEN price_rank % 6 = 0 THEN 10 ELSE 0 END, 0, 0
          FROM (SELECT id, row_number() OVER (ORDER BY id) AS price_rank FROM events) AS e
         WHERE NOT EXISTS (SELECT FROM event_inventory WHERE event_id = e.id)
        """;

    private const string Counted = """
        SELECT count(*) FROM event_view
         WHERE ($1 = '' OR status = $1) AND ($2 = '' OR lower(category) = lower($2))
           AND event_date >= $3 AND event_date < $4 AND (NOT $5 OR available_tickets > 0)
           AND ($6 = '' OR name ILIKE '%' || $6 || '%')
        """;

    /// <summary>Everything that moves an event from one count to another, and what moves none.</summary>
    private static readonly string[] Changes =
    [
        "UPDATE events SET status = 'completed' WHERE status = 'active' AND event_date <= now()",
        "UPDATE events SET category = 'other' WHERE id IN (SELECT id FROM events ORDER BY id LIMIT 20)",
        "UPDATE events SET category = NULL WHERE id IN (SELECT id FROM events ORDER BY id LIMIT 9)",
        "UPDATE events SET event_date = event_date + interval '1 day' WHERE id IN (SELECT id FROM events LIMIT 50)",
        "UPDATE events SET name = name || ' renamed', price = 11",
        "UPDATE events SET deleted_at = now() WHERE id IN (SELECT id FROM events ORDER BY id DESC LIMIT 15)",
        "UPDATE event_inventory SET available = 10, booked = 0 WHERE event_id IN (SELECT id FROM events LIMIT 90)",
        "UPDATE event_inventory SET available = 0, booked = 10 WHERE event_id IN (SELECT id FROM events LIMIT 30)",
        "UPDATE event_inventory SET available = 5, booked = 5 WHERE available = 10",
        Create + "; " + CreateInventory,
        "UPDATE events SET status = 'cancelled' WHERE category = 'other'",
    ];

    private TestDatabase _database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await server.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Total_WhateverChangesAndIsAskedFor_IsTheNumberOfRows()
    {
        await _database.ExecuteAsync(Create);
        await _database.ExecuteAsync(CreateInventory);
        await AssertTotalsAsync();
        foreach (var (number, change) in Changes.Index())
        {
            await _database.ExecuteAsync(change);
            // Now and then, and never all of the notes.
            if (number % 3 == 1) await _database.ScalarAsync<int>("SELECT sum_up_events(7)");
            await AssertTotalsAsync();
        }

        while (await _database.ScalarAsync<int>("SELECT sum_up_events(50)") > 0) { }
        await AssertTotalsAsync();
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM event_totals WHERE events <= 0"));
    }

    [Fact]
    public async Task EditThatMovesNoCount_NotesNothing()
    {
        await _database.ExecuteAsync(Create);
        await _database.ExecuteAsync(CreateInventory);
        await _database.ScalarAsync<int>("SELECT sum_up_events(1000)");

        await _database.ExecuteAsync("UPDATE events SET name = 'Another name', price = 12");
        await _database.ExecuteAsync("UPDATE event_inventory SET available = 9, booked = 1 WHERE available = 10");

        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM event_total_changes"));
    }

    private async Task AssertTotalsAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var midnight = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        (DateTimeOffset? From, DateTimeOffset? Before)[] ranges =
        [
            (null, null), (midnight, null), (null, midnight.AddDays(1)), (midnight.AddDays(-2), midnight.AddDays(3)),
            (midnight.AddHours(-30), midnight.AddHours(40)), (midnight.AddHours(1), midnight.AddHours(23)),
            (midnight.AddHours(20), midnight.AddHours(28)), (midnight.AddMicroseconds(-1), null),
            (null, midnight.AddMicroseconds(1)), (midnight.AddDays(2), midnight.AddDays(-2)),
            (DateTimeOffset.MinValue, DateTimeOffset.MaxValue),
        ];
        // A new one each time, which has counted nothing yet.
        var queries = new EventQueries(new(_database.DataSource), TimeProvider.System);
        foreach (var status in (EventStatus?[])[null, .. Enum.GetValues<EventStatus>()])
            foreach (var category in (string?[])[null, "KIND"])
                foreach (var (from, before) in ranges)
                    foreach (var available in (bool[])[false, true])
                        foreach (var words in (string?[])[null, "oper"])
                            await AssertTotalAsync(queries, new(status, category, words, from, before, available));
    }

    private async Task AssertTotalAsync(EventQueries queries, EventFilter filter)
    {
        var page = await queries.ListAsync(filter, new(1, 1), Token);
        var counted = await _database.ScalarAsync<long>(
            Counted, filter.Status?.ToString().ToLowerInvariant() ?? "", filter.Category ?? "",
            filter.DateFrom ?? DateTimeOffset.MinValue, filter.DateBefore ?? DateTimeOffset.MaxValue,
            filter.AvailableOnly, filter.Search ?? "");
        Assert.True(counted == page.Total, $"{page.Total} instead of {counted}: {filter}");
    }
}
