using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Analytics;

/// <summary>Sums of days that are over are exact at every instant, whatever still happens to those days.</summary>
public sealed class ClosedDaysTests(PostgresServer server, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly DateOnly Today = new(2030, 6, 15);
    private TestDatabase _database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await server.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Close_DaysThatAreOver_LeavesARowADayAndCurrency()
    {
        var events = await _database.CreateEventsAsync(6, "USD", "EUR");
        foreach (var id in events)
            for (var back = 0; back < 3; back++)
                await _database.AddAsync(id, Today.AddDays(-back), bookings: 5, cancellations: 1);

        Assert.Equal(12, await _database.CloseAsync(Today));

        await _database.AssertExactAsync();
        Assert.Equal(4, await _database.ScalarAsync<long>("SELECT count(*) FROM analytics_days"));
        // Today's six are read one by one.
        Assert.Equal(4 + 6, await _database.ScalarAsync<long>("SELECT count(*) FROM analytics_by_day"));
        Assert.Equal(0, await _database.CloseAsync(Today));
    }

    [Fact]
    public async Task Row_ThatChangesAfterItWasClosed_CountsAtOnceAndIsClosedAgain()
    {
        var id = (await _database.CreateEventsAsync(1, "USD"))[0];
        await _database.AddAsync(id, Today.AddDays(-1), bookings: 5);
        await _database.CloseAsync(Today);

        await _database.AddAsync(id, Today.AddDays(-1), bookings: 2, cancellations: 3);

        await _database.AssertExactAsync();
        // The row itself, and what takes back its former figures.
        Assert.Equal(2, await _database.CloseAsync(Today));
        await _database.AssertExactAsync();
        Assert.Equal(7, await _database.ScalarAsync<decimal>("SELECT sum(bookings) FROM analytics_days"));
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM analytics_changes"));
    }

    [Fact]
    public async Task AnyHistory_AgreesWithARecount_AfterEveryStep()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var events = await _database.CreateEventsAsync(4, "USD", "EUR", "GBP");
        for (var step = 0; step < 400; step++)
        {
            var (id, day) = (events[random.Next(events.Length)], Today.AddDays(-random.Next(6)));
            switch (random.Next(20))
            {
                case < 11:
                    await _database.AddAsync(id, day, random.Next(4), random.Next(3));
                    break;
                case < 16:
                    await _database.CloseAsync(Today.AddDays(1 - random.Next(6)), random.Next(1, 6));
                    break;
                case < 18: // As a rebuild sets a row right.
                    await _database.ExecuteAsync(
                        "UPDATE booking_analytics SET bookings = $3, buyers = -1 WHERE event_id = $1 AND day = $2",
                        id, day, random.Next(9));
                    break;
                case < 19:
                    await _database.ExecuteAsync(
                        "DELETE FROM booking_analytics WHERE event_id = $1 AND day = $2", id, day);
                    break;
                default:
                    if (random.Next(5) == 0) await _database.ExecuteAsync("TRUNCATE booking_analytics");
                    break;
            }

            await _database.AssertExactAsync();
        }
    }

    /// <summary>Today's rows are closed too, over and over, which is harder than anything that happens.</summary>
    [Fact]
    public async Task Close_WhileCommitsRunAndFail_IsExactForEveryReader()
    {
        const int Commits = 300;
        var events = await _database.CreateEventsAsync(6, "USD", "EUR");
        using var done = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 3).Select(WriteAsync).ToArray();
        var (closes, reads) = (0, 0);
        var closer = Task.Run(async () =>
        {
            for (; !done.IsCancellationRequested; closes++) await _database.CloseAsync(Today.AddDays(1), limit: 4);
        }, Token);
        var reader = Task.Run(async () =>
        {
            for (; !done.IsCancellationRequested; reads++) await _database.AssertExactAsync();
        }, Token);

        await Task.WhenAll(writers);
        await done.CancelAsync();
        await Task.WhenAll(closer, reader);

        output.WriteLine($"{closes} closings, {reads} reads");
        Assert.True(closes > 20 && reads > 20, $"{closes} closings, {reads} reads");
        while (await _database.CloseAsync(Today.AddDays(1)) > 0) { }
        await _database.AssertExactAsync();
        Assert.Equal(0, await _database.ScalarAsync<long>(
            "SELECT count(*) FROM booking_analytics WHERE closed_in IS NULL"));

        // Each writer has events of its own, as each event has one activation.
        async Task WriteAsync(int writer)
        {
            var random = new Random(writer);
            await using var connection = await _database.DataSource.OpenConnectionAsync(Token);
            for (var commit = 0; commit < Commits; commit++)
            {
                await using var transaction = await connection.BeginTransactionAsync(Token);
                for (var part = random.Next(1, 4); part > 0; part--)
                {
                    await using var add = new NpgsqlCommand(DayRows.Add, connection, transaction);
                    object[] values =
                        [events[(2 * writer) + random.Next(2)], Today.AddDays(-random.Next(2)), random.Next(3), 1];
                    foreach (var value in values) add.Parameters.Add(new() { Value = value });
                    await add.ExecuteNonQueryAsync(Token);
                }

                if (random.Next(5) == 0) await transaction.RollbackAsync(Token);
                else await transaction.CommitAsync(Token);
            }
        }
    }

    /// <summary>What "no hot row" means: two commits over midnight don't wait for each other, nor for a
    /// closing.</summary>
    [Fact]
    public async Task LateCommits_OfTwoEvents_WaitForNobody()
    {
        var events = await _database.CreateEventsAsync(2, "USD");
        foreach (var id in events) await _database.AddAsync(id, Today.AddDays(-1), bookings: 1);
        await _database.CloseAsync(Today);
        await using var open = await _database.DataSource.OpenConnectionAsync(Token);
        await using var transaction = await open.BeginTransactionAsync(Token);
        await AddAsync(open, events[0]);

        await using var other = await _database.DataSource.OpenConnectionAsync(Token);
        await using (var patience = new NpgsqlCommand("SET lock_timeout = '2s'", other))
            await patience.ExecuteNonQueryAsync(Token);
        await AddAsync(other, events[1]);
        await using (var close = new NpgsqlCommand("SELECT close_days($1, 1000)", other))
        {
            close.Parameters.Add(new() { Value = Today });
            // The other event's row and change; the open commit's row is left for the next time.
            Assert.Equal(2, await close.ExecuteScalarAsync(Token));
        }

        await transaction.CommitAsync(Token);
        await _database.AssertExactAsync();

        async Task AddAsync(NpgsqlConnection connection, Guid id)
        {
            await using var add = new NpgsqlCommand(DayRows.Add, connection);
            object[] values = [id, Today.AddDays(-1), 1, 0];
            foreach (var value in values) add.Parameters.Add(new() { Value = value });
            await add.ExecuteNonQueryAsync(Token);
        }
    }
}
