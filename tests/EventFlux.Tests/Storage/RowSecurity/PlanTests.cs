using EventFlux.Grains.Storage;
using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Storage.RowSecurity;

/// <summary>The policies leave the plans as they were: planned without a look at the values, which is how a statement
/// is planned that is asked often.</summary>
public sealed class PlanTests(PostgresServer server) : IAsyncLifetime
{
    private const string Fill = """
        INSERT INTO events (id, name, venue, event_date, price, currency, category, capacity, status, details_version,
                            created_by, created_by_name, created_at, updated_at)
        SELECT gen_random_uuid(), 'Event ' || n, 'Venue', now() + n * interval '1 hour', 10, 'USD', 'kind ' || n % 20,
               10, 'active', 1, gen_random_uuid(), 'Creator', now(), now() FROM generate_series(1, 5000) AS n;
        INSERT INTO event_inventory SELECT id, 1, 10, 10, 0, 0, 0 FROM events;
        INSERT INTO bookings (id, event_id, user_id, reference, quantity, unit_price, currency, booked_at)
        SELECT gen_random_uuid(), e.id, md5((n % 1000)::text)::uuid, 'EVT-' || n, 1, 10, 'USD', now()
          FROM (SELECT id, row_number() OVER () AS n FROM events) AS e;
        ANALYZE;
        """;

    private static readonly PageRequest First = new(1, 5);

    private TestDatabase _database = null!;
    private NpgsqlDataSource _silo = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        await _database.ExecuteAsync(Fill);
        var pool = SiloLogin.AsSilo(_database.ConnectionString);
        (pool.MaxPoolSize, pool.Options) = (1, $"{pool.Options} -c plan_cache_mode=force_generic_plan");
        _silo = NpgsqlDataSource.Create(pool.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task EventsOfACategory_ByDate_WalkItsIndex()
    {
        var queries = new EventQueries(new Database(_silo), TimeProvider.System);
        foreach (var descending in (bool[])[false, true])
        {
            var filter = new EventFilter(
                Contracts.Events.EventStatus.Active, Category: "KIND 7", Descending: descending);
            Assert.Equal(5, (await queries.ListAsync(filter, First, Token)).Items.Count);
        }

        Assert.True(await ReadAsync("events_by_category") > 0);
        // Planning looks at the two ends of it; walking it would read twenty for each one that is found.
        Assert.InRange(await ReadAsync("events_by_date"), 0, 10);
    }

    [Fact]
    public async Task OwnBookings_AreFoundByTheirIndexAndEventsByTheirIds()
    {
        var user = await _database.ScalarAsync<Guid>("SELECT user_id FROM bookings LIMIT 1");
        var (bookings, events) = (await ScanAsync("bookings"), await ScanAsync("events"));

        var page = await new BookingQueries(new Database(_silo)).ListOfUserAsync(user, null, false, First, Token);

        Assert.Equal((5L, 5), (page.Total, page.Items.Count));
        // Once for the count, once for the page.
        Assert.Equal(2 * 5, await ReadAsync("bookings_by_user"));
        Assert.Equal((bookings, events), (await ScanAsync("bookings"), await ScanAsync("events")));
    }

    private Task<long> ReadAsync(string index) =>
        CountAsync("SELECT idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = $1", index);

    private Task<long> ScanAsync(string table) =>
        CountAsync("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = $1", table);

    /// <summary>By the connection that read: it hands its counts over when it is told to.</summary>
    private async Task<long> CountAsync(string sql, string name)
    {
        await using var connection = await _silo.OpenConnectionAsync(Token);
        await using var flush = new NpgsqlCommand("SELECT pg_stat_force_next_flush()", connection);
        await flush.ExecuteNonQueryAsync(Token);
        await using var count = new NpgsqlCommand(sql, connection);
        count.Parameters.Add(new() { Value = name });
        return (long)(await count.ExecuteScalarAsync(Token))!;
    }
}
