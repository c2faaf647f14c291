using EventFlux.Contracts;
using EventFlux.Grains.Events;
using EventFlux.Grains.Storage;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Storage;

/// <summary>Commits of several events that come while others are being written: on a real PostgreSQL, behind locks that
/// the test holds.</summary>
public sealed class SharedCommitTests(PostgresServer server) : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;
    private EventStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _source = NpgsqlDataSource.Create(_database.ConnectionString);
        _store = new(_source, new Database(_source), TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task CommitsThatWait_ShareOneTransaction()
    {
        var sales = await SalesAsync(10);

        await TogetherAsync(sales, sale => sale.Book());

        Assert.Equal(1, await ScalarAsync<long>(TransactionsOf(sales)));
        Assert.Equal(12, await ScalarAsync<long>("SELECT count(*) FROM bookings"));
        Assert.Equal(10, await ScalarAsync<long>("SELECT count(*) FROM booking_analytics WHERE bookings = 1") - 2);
        await VerifiedDatabase.AssertNoDifferenceAsync(_source);
    }

    [Fact]
    public async Task OneThatIsFenced_FailsAlone()
    {
        var sales = await SalesAsync(5);
        await using (var other = _source.CreateCommand(
            $"UPDATE event_inventory SET version = version + 1 WHERE event_id = '{sales[2].Id}'"))
            await other.ExecuteNonQueryAsync(Token);

        var results = await TogetherAsync(sales, sale => sale.Book());

        var failure = Assert.IsType<CommitFailedException>(results[2]);
        Assert.Equal(CommitFailure.Fenced, failure.Failure);
        Assert.All(results.Where((_, at) => at != 2), Assert.Null);
        Assert.Equal(6, await ScalarAsync<long>("SELECT count(*) FROM bookings"));
        Assert.Equal(0, await ScalarAsync<long>($"SELECT count(*) FROM bookings WHERE event_id = '{sales[2].Id}'"));
        await VerifiedDatabase.AssertNoDifferenceAsync(_source);
    }

    [Fact]
    public async Task OneThatBreaksAConstraint_FailsAlone()
    {
        var sales = await SalesAsync(5);
        var oversold = new EventCounts(Available: -1, Booked: 11, Held: 0, Waiting: 0);

        var results = await TogetherAsync(sales, sale =>
        {
            var commit = sale.Book();
            return sale == sales[3] ? commit with { State = commit.State with { Counts = oversold } } : commit;
        });

        Assert.Equal(CommitFailure.Rejected, Assert.IsType<CommitFailedException>(results[3]).Failure);
        Assert.All(results.Where((_, at) => at != 3), Assert.Null);
        await VerifiedDatabase.AssertNoDifferenceAsync(_source);
    }

    [Fact]
    public async Task OneThatMustWaitForALock_WaitsAlone()
    {
        var sales = await SalesAsync(5);
        Task<Exception?>[] waiting;
        await using (var held = await HeldEvents.LockAsync(_source, sales[1].Id))
        {
            waiting = await BeginTogetherAsync(sales, sale => sale.Book());
            var others = waiting.Where((_, at) => at != 1);

            Assert.All(await Task.WhenAll(others).WaitAsync(TimeSpan.FromSeconds(10), Token), Assert.Null);
            Assert.False(waiting[1].IsCompleted);
            await held.ReleaseAsync();
        }

        Assert.Null(await waiting[1]);
        Assert.Equal(7, await ScalarAsync<long>("SELECT count(*) FROM bookings"));
        await VerifiedDatabase.AssertNoDifferenceAsync(_source);
    }

    /// <summary>A buyer is one row and a key is one row, whichever event they come from.</summary>
    [Fact]
    public async Task OneUserAtSeveralEvents_IsOneBuyerWithSeveralBookings()
    {
        var sales = await SalesAsync(4);
        var (user, claim) = (Guid.NewGuid(), new IdempotencyClaim("key-1", new byte[32]));

        var results = await TogetherAsync(sales, sale => sale.Book(user, claim));

        Assert.All(results, Assert.Null);
        Assert.Equal(1, await ScalarAsync<long>(TransactionsOf(sales)));
        Assert.Equal(4, await ScalarAsync<int>($"SELECT confirmed FROM buyers WHERE user_id = '{user}'"));
        Assert.Equal(3, await ScalarAsync<long>("SELECT sum(buyers) FROM booking_analytics"));
        Assert.Equal(1, await ScalarAsync<long>("SELECT sum(repeat_buyers) FROM booking_analytics"));
        Assert.Equal(1, await ScalarAsync<long>("SELECT count(*) FROM idempotency_keys"));
        await VerifiedDatabase.AssertNoDifferenceAsync(_source);
    }

    /// <summary>Each row gets its own counts, whatever event stands beside it.</summary>
    [Fact]
    public async Task EachEvent_KeepsItsOwnCounts()
    {
        var sales = await SalesAsync(3);
        await _store.CommitAsync(sales[1].Book());
        EventCounts[] counts = [new(9, 1, 0, 0), new(1, 2, 7, 3), new(6, 1, 3, 8)];

        await TogetherAsync(sales, sale =>
        {
            var (commit, at) = (sale.Book(), Array.IndexOf(sales, sale));
            return commit with { State = commit.State with { Counts = counts[at], PlanVersion = at } };
        });

        Assert.Equal(1, await ScalarAsync<long>(TransactionsOf([sales[0], sales[2]])));
        for (var at = 0; at < sales.Length; at++)
        {
            var row = await ScalarAsync<string>($"""
                SELECT concat_ws(' ', version, capacity, available, booked, held, waiting, seated)
                  FROM event_inventory WHERE event_id = '{sales[at].Id}'
                """);
            var (version, seated) = (at == 1 ? 3 : 2, at > 0 ? "t" : "f");
            var (available, booked, held, waiting) = counts[at];
            Assert.Equal($"{version} 10 {available} {booked} {held} {waiting} {seated}", row);
        }
    }

    /// <summary>Told as a fence, also to whoever may not do more than a silo.</summary>
    [Fact]
    public async Task OneThatIsFenced_FailsTheSharedTransaction_WithTheFencesCode()
    {
        var sales = await SalesAsync(3);
        await using var other = _source.CreateCommand(
            $"UPDATE event_inventory SET version = version + 1 WHERE event_id = '{sales[1].Id}'");
        await other.ExecuteNonQueryAsync(Token);
        await using var connection = await _source.OpenConnectionAsync(Token);
        await using (var silo = new NpgsqlCommand($"SET ROLE {DatabaseRoles.Silo}", connection))
            await silo.ExecuteNonQueryAsync(Token);
        await using var batch = EventCommitCommands.Create(connection, [.. sales.Select(sale => sale.Book())]);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => batch.ExecuteNonQueryAsync(Token));

        Assert.Equal("EF001", refusal.SqlState);
        Assert.Equal(0, await ScalarAsync<long>("SELECT count(*) FROM bookings"));
        Assert.Equal(4, await ScalarAsync<long>("SELECT sum(version)::bigint FROM event_inventory"));
    }

    /// <summary>What changes the event itself may be of any size: calling off 100,000 bookings is no company.</summary>
    [Fact]
    public Task WhatChangesTheEvent_SharesWithNobody_AndWaitsForNobody() =>
        AssertGoesOnBesideTwoThatWaitAsync(_store, sale => sale.CallOff());

    /// <summary>Two that hang are not all that a silo can do.</summary>
    [Fact]
    public Task TwoThatMustWait_KeepNoOtherEventWaiting() =>
        AssertGoesOnBesideTwoThatWaitAsync(new(_source, new Database(_source)), sale => sale.Book());

    /// <summary>What can't be put into statements is that event's affair.</summary>
    [Fact]
    public async Task OneThatCanNotBeSent_FailsAlone()
    {
        var sales = await SalesAsync(3);

        var results = await TogetherAsync(sales, sale =>
            sale == sales[0] ? sale.Book() with { Facts = [new UnknownFact(SoldEvent.Now)] } : sale.Book());

        Assert.Equal(CommitFailure.NotSent, Assert.IsType<CommitFailedException>(results[0]).Failure);
        Assert.All(results.Skip(1), Assert.Null);
        await VerifiedDatabase.AssertNoDifferenceAsync(_source);
    }

    private async Task AssertGoesOnBesideTwoThatWaitAsync(EventStore store, Func<SoldEvent, EventCommit> next)
    {
        var sales = await SalesAsync(3);
        await using var held = await HeldEvents.LockAsync(_source, sales[0].Id, sales[1].Id);
        var stuck = await BeginStuckAsync(store, sales[..2]);

        await store.CommitAsync(next(sales[2])).WaitAsync(TimeSpan.FromSeconds(10), Token);

        Assert.All(stuck, task => Assert.False(task.IsCompleted));
        await held.ReleaseAsync();
        await Task.WhenAll(stuck);
    }

    /// <summary>Behind two commits that hold up both writers: what then comes waits, and goes together.</summary>
    private async Task<Exception?[]> TogetherAsync(SoldEvent[] sales, Func<SoldEvent, EventCommit> next) =>
        await Task.WhenAll(await BeginTogetherAsync(sales, next));

    private async Task<Task<Exception?>[]> BeginTogetherAsync(SoldEvent[] sales, Func<SoldEvent, EventCommit> next)
    {
        var first = await SalesAsync(2);
        await using var held = await HeldEvents.LockAsync(_source, first[0].Id, first[1].Id);
        var stuck = await BeginStuckAsync(_store, first);
        var asked = sales.Select(sale => FailureOf(_store.CommitAsync(next(sale)))).ToArray();
        await held.ReleaseAsync();
        await Task.WhenAll(stuck);
        return asked;
    }

    /// <summary>A commit each, once the one before waits for its lock: so each has a writer to itself.</summary>
    private async Task<List<Task>> BeginStuckAsync(EventStore store, SoldEvent[] sales)
    {
        const string Waiting = """
            SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
            """;
        var stuck = new List<Task>();
        foreach (var sale in sales)
        {
            stuck.Add(store.CommitAsync(sale.Book()));
            await Wait.UntilAsync(
                async () => await ScalarAsync<long>(Waiting) >= stuck.Count, TimeSpan.FromSeconds(20),
                () => "No commit waits for its lock.");
        }

        return stuck;
    }

    private static async Task<Exception?> FailureOf(Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (CommitFailedException failure)
        {
            return failure;
        }
    }

    private async Task<SoldEvent[]> SalesAsync(int count)
    {
        var sales = Enumerable.Range(0, count).Select(_ => new SoldEvent()).ToArray();
        foreach (var sale in sales) await _store.CommitAsync(sale.Create());
        return sales;
    }

    private static string TransactionsOf(SoldEvent[] sales) =>
        $"""
        SELECT count(DISTINCT xmin::text) FROM bookings
         WHERE event_id IN ({string.Join(", ", sales.Select(sale => $"'{sale.Id}'"))})
        """;

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Token))!;
    }

    private sealed record UnknownFact(DateTimeOffset At) : EventFact(At);
}
