using EventFlux.Grains.Storage;
using EventFlux.Silo.Hosting;
using EventFlux.Tests.Faults;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Costs;

/// <summary>What a commit asks of PostgreSQL and makes it write. Alone, since the server's counters are one for
/// all.</summary>
[Collection(typeof(Alone))]
public sealed class CommitCostTests(PostgresServer server, ITestOutputHelper output) : IAsyncLifetime
{
    private const string Name = "commits";

    /// <summary>Of a booking in commits of 64. About twice what it was: how many pages are written whole after a
    /// checkpoint differs from run to run, an index or a row more a booking doesn't hide behind that.</summary>
    private const int WalBytesOfBooking = 2_400;

    private readonly SqlTraffic _traffic = new();
    private readonly MadeCommits _sale = new();
    private TestDatabase _database = null!;
    private PostgresProxy _proxy = null!;
    private NpgsqlDataSource _source = null!;
    private EventStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        var login = SiloLogin.AsSilo(_database.ConnectionString);
        _proxy = new(login.Port, _traffic.Listen);
        // As a silo's pool for commits, of one connection.
        (login.Host, login.Port, login.SslMode) = ("127.0.0.1", _proxy.Port, SslMode.Disable);
        (login.MaxPoolSize, login.MaxAutoPrepare, login.AutoPrepareMinUsages) = (1, 100, 2);
        login.ApplicationName = Name;
        _source = NpgsqlDataSource.Create(login.ConnectionString);
        _store = new(_source, new Database(_source));
        await _store.CommitAsync(_sale.Creation());
        // Until every statement is prepared.
        for (var i = 0; i < 4; i++) await _store.CommitAsync(_sale.Bookings(2, withKeys: i % 2 == 0));
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Guards the number of statements, that a batch needs no more of them than one booking, that they travel
    /// together, and that they stay prepared.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public async Task Commit_IsFourPreparedStatementsInOneRoundTrip(int bookings)
    {
        var before = _traffic.Of(Name);

        await _store.CommitAsync(_sale.Bookings(bookings));

        // The fence, the bookings, the books with the buyers, the outbox.
        Assert.Equal(new SqlCost(RoundTrips: 1, Statements: 4, Parsed: 0), _traffic.Of(Name) - before);
    }

    /// <summary>Keys are one statement more, however many they are.</summary>
    [Fact]
    public async Task Commit_WithKeys_IsOneStatementMore()
    {
        var before = _traffic.Of(Name);

        await _store.CommitAsync(_sale.Bookings(64, withKeys: true));

        Assert.Equal(new SqlCost(RoundTrips: 1, Statements: 5, Parsed: 0), _traffic.Of(Name) - before);
    }

    /// <summary>Guards that a booking is a row in three tables (four with a key), and that everything else is written
    /// once a commit.</summary>
    [Fact]
    public async Task Commit_WritesItsRowsAndOneRowOfEachCounter()
    {
        var before = await WrittenAsync();

        await _store.CommitAsync(_sale.Bookings(64));
        await _store.CommitAsync(_sale.Bookings(64, withKeys: true));

        var written = (await WrittenAsync())
            .Select(table => (table.Key, Rows: table.Value - before.GetValueOrDefault(table.Key)))
            .Where(table => table.Rows != 0).Select(table => $"{table.Key} {table.Rows}");
        Assert.Equal(
            [
                "booking_analytics 2", "bookings 128", "buyers 128", "event_inventory 2", "idempotency_keys 64",
                "outbox 128",
            ],
            written.Order(StringComparer.Ordinal));
    }

    /// <summary>Guards the width of rows and the number of indexes.</summary>
    [Fact]
    public async Task Commits_WriteABoundedLogABooking()
    {
        const int Commits = 16;
        await _database.ExecuteAsync("CHECKPOINT");
        await _store.CommitAsync(_sale.Bookings(64));
        var before = await LogPositionAsync();

        for (var i = 0; i < Commits; i++) await _store.CommitAsync(_sale.Bookings(64));

        var bytes = (await LogPositionAsync() - before) / (64 * Commits);
        output.WriteLine($"a booking: {bytes} bytes of log");
        Assert.InRange(bytes, 1, WalBytesOfBooking);
    }

    private Task<long> LogPositionAsync() =>
        _database.ScalarAsync<long>("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint");

    /// <returns>By table, rows inserted, updated and deleted since it was made.</returns>
    private async Task<Dictionary<string, long>> WrittenAsync()
    {
        var token = TestContext.Current.CancellationToken;
        await using var connection = await _source.OpenConnectionAsync(token);
        // The connection that wrote hands its counts over when it is told to.
        await using var flush = new NpgsqlCommand("SELECT pg_stat_force_next_flush()", connection);
        await flush.ExecuteNonQueryAsync(token);
        await using var query = new NpgsqlCommand(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables", connection);
        await using var reader = await query.ExecuteReaderAsync(token);
        var rows = new Dictionary<string, long>();
        while (await reader.ReadAsync(token)) rows.Add(reader.GetString(0), reader.GetInt64(1));
        return rows;
    }
}
