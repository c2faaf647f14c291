using EventFlux.Grains.Storage;
using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Storage.RowSecurity;

/// <summary>A database in which two users have the same: a profile, and for each of three events (on sale, a draft,
/// deleted) a booking, a place in the queue and a key. A fourth event, a draft, is nobody's business.</summary>
public sealed class TwoUsers(PostgresServer server) : IAsyncLifetime
{
    private const string Rows = """
        INSERT INTO users
        SELECT id, id || '@example.org', 'A', 'B', 'user', 1, now(), now(), now() FROM unnest($1::uuid[]) AS id;
        """;

    private const string Events = """
        INSERT INTO events (id, name, venue, event_date, price, currency, capacity, status, details_version,
                            created_by, created_by_name, created_at, updated_at, deleted_at)
        SELECT id, 'Event ' || n, 'Venue', now() + interval '30 days', 10, 'USD', 10,
               CASE WHEN n IN (2, 4) THEN 'draft' ELSE 'active' END, 1, gen_random_uuid(), 'Creator', now(), now(),
               CASE WHEN n = 3 THEN now() END
          FROM unnest($1::uuid[]) WITH ORDINALITY AS e (id, n);
        """;

    private const string Holdings = """
        WITH pairs AS (
          SELECT user_id, event_id, row_number() OVER () AS n
            FROM unnest($1::uuid[]) AS user_id, unnest($2::uuid[]) AS event_id),
        queue AS (
          INSERT INTO waitlist_entries (id, event_id, user_id, sequence, quantity, joined_at)
          SELECT gen_random_uuid(), event_id, user_id, n, 1, now() FROM pairs),
        held AS (
          INSERT INTO holds (id, event_id, user_id, quantity, unit_price, amount, currency, held_at, expires_at)
          SELECT gen_random_uuid(), event_id, user_id, 1, 10, 10, 'USD', now(), now() + interval '10 minutes'
            FROM pairs),
        booked AS (
          INSERT INTO bookings (id, event_id, user_id, reference, quantity, unit_price, currency, booked_at)
          SELECT gen_random_uuid(), event_id, user_id, 'EVT-' || n, 1, 10, 'USD', now() FROM pairs
          RETURNING id, user_id, event_id)
        INSERT INTO idempotency_keys SELECT user_id, 'booking', 'key ' || event_id, '\x00', id, now() FROM booked
        """;

    private NpgsqlDataSource? _silo;

    public TestDatabase Database { get; private set; } = null!;

    /// <summary>A pool as a silo has it, of one connection: what a reader left behind, the next one would
    /// meet.</summary>
    public NpgsqlDataSource Silo => _silo ?? throw new InvalidOperationException("Not initialized.");

    /// <summary>Reads as a silo does.</summary>
    internal Database Reads => new(Silo);

    public Guid Ada { get; } = Guid.NewGuid();

    public Guid Ben { get; } = Guid.NewGuid();

    public Guid OnSale { get; } = Guid.NewGuid();

    public Guid Draft { get; } = Guid.NewGuid();

    public Guid Deleted { get; } = Guid.NewGuid();

    public Guid ForeignDraft { get; } = Guid.NewGuid();

    /// <summary>A booking of Ben.</summary>
    public Task<Guid> BookingOfBenAsync() => Database.ScalarAsync<Guid>(
        "SELECT id FROM bookings WHERE user_id = $1 AND event_id = $2", Ben, OnSale);

    public async ValueTask InitializeAsync()
    {
        Database = await server.CreateDatabaseAsync();
        var pool = SiloLogin.AsSilo(Database.ConnectionString);
        pool.MaxPoolSize = 1;
        _silo = NpgsqlDataSource.Create(pool.ConnectionString);
        Guid[] users = [Ada, Ben];
        Guid[] held = [OnSale, Draft, Deleted];
        await Database.ExecuteAsync(Rows, users);
        await Database.ExecuteAsync(Events, (Guid[])[.. held, ForeignDraft]);
        await Database.ExecuteAsync("INSERT INTO event_inventory SELECT id, 1, 10, 10, 0, 0, 0 FROM events");
        await Database.ExecuteAsync(Holdings, users, held);
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        await Database.DisposeAsync();
    }
}
