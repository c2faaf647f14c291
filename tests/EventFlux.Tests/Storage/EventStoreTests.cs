using CsCheck;
using EventFlux.Contracts;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Grains.Events;
using EventFlux.Grains.Storage;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Properties;
using Npgsql;

namespace EventFlux.Tests.Storage;

/// <summary>Commits and snapshots on a real PostgreSQL.</summary>
public sealed class EventStoreTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly EventDetails Details =
        new("Night of the Tests", "O'Brien; DROP TABLE", "Hall 1", null, Now.AddDays(30), 49.50m, "USD", "music", null);

    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;
    private EventStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _source = NpgsqlDataSource.Create(_database.ConnectionString);
        _store = new(_source, new Database(_source));
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task AnyHistory_RestoredFromTheTables_IsTheLiveState()
    {
        var number = 0;
        Histories.Any(longest: 60).Sample(
            sample =>
            {
                var run = new InventoryRun(
                    sample.Capacity, new PostgresRowStore(_store), (short)Interlocked.Increment(ref number));
                foreach (var command in sample.Commands) run.Do(command);
                run.Do(new Command.Commit());
                run.Do(new Command.Crash());
            },
            iter: 60, threads: 16);
        Assert.NotEqual(1, await TransactionsPerCommitAsync()); // Some shared one.
        await VerifiedDatabase.AssertNoDifferenceAsync(_source);
        AssertBooksAreInOneCurrency();
        AssertAuditAgreesWithRows();
    }

    [Fact]
    public async Task Commit_OnAVersionThatHasMovedOn_ChangesNothing()
    {
        var (id, inventory) = await CreateAsync(capacity: 10);
        var first = Booking(id, inventory, version: 1);
        var second = Booking(id, inventory, version: 1);
        await _store.CommitAsync(first);

        var failure = await Assert.ThrowsAsync<CommitFailedException>(() => _store.CommitAsync(second));

        Assert.Equal(CommitFailure.Fenced, failure.Failure);
        var stored = await _store.LoadAsync(id, TestContext.Current.CancellationToken);
        Assert.Equal((2L, 1), (stored!.Version, stored.Bookings.Count));
        Assert.Equal(1, await ScalarAsync<long>("SELECT count(*) FROM outbox WHERE kind = 'booking_confirmed'"));
        Assert.Equal(1, await ScalarAsync<int>("SELECT bookings FROM booking_analytics"));
    }

    [Fact]
    public async Task Commit_ThatBreaksAConstraint_ChangesNothing()
    {
        var (id, inventory) = await CreateAsync(capacity: 10);
        var commit = Booking(id, inventory, version: 1);
        var oversold = commit with
        {
            State = commit.State with { Counts = new EventCounts(Available: -1, Booked: 11, Held: 0, Waiting: 0) },
        };

        var failure = await Assert.ThrowsAsync<CommitFailedException>(() => _store.CommitAsync(oversold));

        Assert.Equal(CommitFailure.Rejected, failure.Failure);
        Assert.Equal(0, await ScalarAsync<long>("SELECT count(*) FROM bookings"));
        Assert.Equal(1, await ScalarAsync<long>("SELECT version FROM event_inventory"));
    }

    [Fact]
    public async Task Commit_WithAKeyThatAnotherEventTook_KeepsTheFirst()
    {
        var (a, inventoryA) = await CreateAsync(capacity: 10);
        var (b, inventoryB) = await CreateAsync(capacity: 10);
        var user = Guid.NewGuid();
        var claim = new IdempotencyClaim("key-1", new byte[32]);

        await _store.CommitAsync(Booking(a, inventoryA, version: 1, user, claim));
        await _store.CommitAsync(Booking(b, inventoryB, version: 1, user, claim));

        Assert.Equal(
            a,
            await ScalarAsync<Guid>(
                "SELECT b.event_id FROM idempotency_keys k JOIN bookings b ON b.id = k.resource_id"));
    }

    [Fact]
    public async Task Load_GivesBackEveryDetail_AndNothingForAnUnknownId()
    {
        var (id, _) = await CreateAsync(capacity: 10);

        var stored = await _store.LoadAsync(id, TestContext.Current.CancellationToken);

        Assert.Equal(Details, stored!.Details);
        Assert.Equal(
            (EventStatus.Active, 10, 1L, 1L),
            (stored.Status, stored.Capacity, stored.DetailsVersion, stored.Version));
        Assert.Null(await _store.LoadAsync(Guid.NewGuid(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Restore_OfRowsThatContradictTheCounters_Refuses()
    {
        var stored = new StoredEvent(
            Details, EventStatus.Active, 10, 1, false, 2, new EventCounts(8, 2, 0, 0), true,
            [new StoredBooking(Guid.NewGuid(), Guid.NewGuid(), 1)], [], 0);

        Assert.Throws<InvalidDataException>(() => EventInventory.Restore(stored, TimeSpan.FromMinutes(15)));
    }

    private async Task<(Guid Id, EventInventory Inventory)> CreateAsync(int capacity)
    {
        var (id, inventory) = (Guid.CreateVersion7(Now), new EventInventory(TimeSpan.FromMinutes(15)));
        var facts = new List<EventFact>();
        inventory.Create(new(Details, capacity, EventStatus.Active, Guid.NewGuid(), "Creator"), Now, facts);
        await _store.CommitAsync(Seal(id, inventory, version: 0, facts));
        return (id, inventory);
    }

    private static EventCommit Booking(
        Guid id, EventInventory inventory, long version, Guid? user = null, IdempotencyClaim? claim = null)
    {
        var facts = new List<EventFact>();
        var command = new BookTickets(user ?? Guid.NewGuid(), 2, claim);
        var bookingId = Guid.CreateVersion7(Now);
        inventory.Book(command, bookingId, $"EVT-{bookingId}", Now, facts);
        return Seal(id, inventory, version, facts);
    }

    private static EventCommit Seal(Guid id, EventInventory inventory, long version, List<EventFact> facts) => new(
        id, version,
        new(inventory.Details, inventory.Status, inventory.Capacity, inventory.DetailsVersion, inventory.Counts),
        facts);

    /// <summary>What an event took in and gave back may be added up.</summary>
    private void AssertBooksAreInOneCurrency()
    {
        using var command = _source.CreateCommand("""
            SELECT count(*) FROM (SELECT FROM bookings GROUP BY event_id HAVING min(currency) <> max(currency)) AS mixed
            """);
        Assert.Equal(0L, command.ExecuteScalar());
    }

    /// <summary>Who reads an event's audit from its creation on arrives at the event: no change is without its row,
    /// and no row without its change. Time alone changes something unseen: it completes events.</summary>
    private void AssertAuditAgreesWithRows()
    {
        const string Differences = """
            SELECT count(*) FROM events e
              LEFT JOIN LATERAL
                (SELECT max(id) FILTER (WHERE changes ? 'capacity') AS capacity,
                        max(id) FILTER (WHERE changes ? 'event_date') AS date,
                        max(id) FILTER (WHERE changes ? 'status' AND action <> 'event.delete') AS status,
                        count(*) FILTER (WHERE action = 'event.create') AS creations,
                        count(*) FILTER (WHERE action = 'event.cancel') AS cancellations,
                        count(*) FILTER (WHERE action = 'event.delete') AS deletions
                   FROM audit_log WHERE subject_id = e.id) AS last ON true
              LEFT JOIN audit_log c ON c.id = last.capacity
              LEFT JOIN audit_log d ON d.id = last.date
              LEFT JOIN audit_log s ON s.id = last.status
             WHERE (last.creations, last.cancellations, last.deletions)
                   IS DISTINCT FROM (1, (e.status = 'cancelled')::integer, (e.deleted_at IS NOT NULL)::integer)
                OR (coalesce(c.changes #>> '{capacity,new}', c.changes #>> '{capacity,old}'))::integer <> e.capacity
                OR (coalesce(d.changes #>> '{event_date,new}', d.changes #>> '{event_date,old}'))::timestamptz
                   <> e.event_date
                OR (e.status <> 'completed' AND s.changes #>> '{status,new}' <> e.status)
            """;
        using var events = _source.CreateCommand(Differences);
        Assert.Equal(0L, events.ExecuteScalar());
        using var bookings = _source.CreateCommand(
            """
            SELECT count(*) FROM audit_log a LEFT JOIN bookings b ON b.id = a.subject_id
             WHERE a.action = 'booking.cancel'
               AND (b.status, b.cancelled_at) IS DISTINCT FROM ('cancelled', a.occurred_at)
            """);
        Assert.Equal(0L, bookings.ExecuteScalar());
        using var some = _source.CreateCommand(
            "SELECT count(*) FROM audit_log WHERE action IN ('event.update', 'booking.cancel')");
        Assert.NotEqual(0L, some.ExecuteScalar());
    }

    /// <summary>The rows of one transaction have its number in common.</summary>
    private Task<double> TransactionsPerCommitAsync() => ScalarAsync<double>("""
        SELECT count(DISTINCT xmin::text)::float8 / count(DISTINCT (xmin::text, event_id)) FROM outbox
        """);

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
