using EventFlux.Grains.Storage;
using EventFlux.Silo.Hosting;
using Npgsql;

namespace EventFlux.Benchmarks;

/// <summary>One side: a connection for reads, and one for commits that don't wait for the disk.</summary>
internal sealed record RowSecuritySide(NpgsqlDataSource ForReads, NpgsqlDataSource Commits) : IAsyncDisposable
{
    public Database Reads { get; } = new(ForReads);

    public async ValueTask DisposeAsync()
    {
        await ForReads.DisposeAsync();
        await Commits.DisposeAsync();
    }
}

/// <summary>A private PostgreSQL with the same rows in two databases: one with row security, whose connections are a
/// silo's, and one without, whose connections are the owner's.</summary>
internal sealed class RowSecurityPair : IAsyncDisposable
{
    public const int Events = 5_000;
    public const int Bookings = 200_000;

    private const string Fill = """
        INSERT INTO events (id, name, venue, event_date, price, currency, category, capacity, status, details_version,
                            created_by, created_by_name, created_at, updated_at)
        SELECT gen_random_uuid(), 'Event ' || n, 'Venue', now() + n * interval '1 hour', 10, 'USD', 'kind ' || n % 20,
               1000, 'active', 1, gen_random_uuid(), 'Creator', now(), now() FROM generate_series(1, $1) AS n
        """;

    private const string FillCounts = "INSERT INTO event_inventory SELECT id, 1, 1000, 960, 40, 0, 0 FROM events";

    private const string FillBookings = """
        INSERT INTO bookings (id, event_id, user_id, reference, quantity, unit_price, currency, booked_at)
        SELECT gen_random_uuid(), e.id, md5(((e.n * 40 + b) % ($1 / 20))::text)::uuid, 'EVT-' || e.n || '-' || b, 1, 10,
               'USD', now() - b * interval '1 minute'
          FROM (SELECT id, row_number() OVER () AS n FROM events) AS e, generate_series(1, 40) AS b
        """;

    private const string TurnOff = """
        DO $$
        DECLARE
          secured text;
        BEGIN
          FOR secured IN SELECT oid::regclass FROM pg_class WHERE relrowsecurity LOOP
            EXECUTE 'ALTER TABLE ' || secured || ' DISABLE ROW LEVEL SECURITY';
          END LOOP;
        END $$
        """;

    private readonly string _folder;
    private readonly LocalPostgres _postgres;

    private RowSecurityPair(string folder, LocalPostgres postgres, RowSecuritySide with, RowSecuritySide without) =>
        (_folder, _postgres, With, Without) = (folder, postgres, with, without);

    public RowSecuritySide With { get; }

    public RowSecuritySide Without { get; }

    public required Guid EventId { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>Of that user.</summary>
    public required Guid BookingId { get; init; }

    public static async Task<RowSecurityPair> StartAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"eventflux-bench-{Guid.NewGuid():N}");
        var postgres = await LocalPostgres.StartAsync(new LocalPostgresOptions { Directory = folder });
        var copy = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Database = "without" };
        await new MigrationRunner(postgres.ConnectionString, MigrationScript.Embedded()).RunAsync();
        await SiloLogin.EnsureAsync(postgres.ConnectionString, postgres.SiloConnectionString);

        await ExecuteAsync(postgres.ConnectionString, Fill, Events);
        await ExecuteAsync(postgres.ConnectionString, FillCounts);
        await ExecuteAsync(postgres.ConnectionString, FillBookings, Bookings);
        await ExecuteAsync(postgres.ConnectionString, "VACUUM ANALYZE");
        var booking = (Guid[])(await ExecuteAsync(
            postgres.ConnectionString, "SELECT ARRAY[event_id, user_id, id] FROM bookings LIMIT 1"))!;
        await ExecuteAsync(postgres.ConnectionString, "CREATE DATABASE without TEMPLATE eventflux");
        await ExecuteAsync(copy.ConnectionString, TurnOff);
        await ExecuteAsync(copy.ConnectionString, "ANALYZE");

        return new(
            folder, postgres, Side(SiloLogin.AsSilo(postgres.SiloConnectionString)), Side(copy))
        {
            EventId = booking[0], UserId = booking[1], BookingId = booking[2],
        };
    }

    public async ValueTask DisposeAsync()
    {
        await With.DisposeAsync();
        await Without.DisposeAsync();
        await _postgres.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Statements are prepared as a silo prepares them; neither side pays for a reset between two
    /// uses.</summary>
    private static RowSecuritySide Side(NpgsqlConnectionStringBuilder login)
    {
        (login.MaxPoolSize, login.NoResetOnClose) = (1, true);
        (login.MaxAutoPrepare, login.AutoPrepareMinUsages) = (100, 2);
        var reads = NpgsqlDataSource.Create(login.ConnectionString);
        login.Options = $"{login.Options} -c synchronous_commit=off".TrimStart();
        return new(reads, NpgsqlDataSource.Create(login.ConnectionString));
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string sql, params object[] values)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return await command.ExecuteScalarAsync();
    }
}
