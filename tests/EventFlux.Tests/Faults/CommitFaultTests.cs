using EventFlux.Tests.Api;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Faults;

/// <summary>Connections that break in the middle of a commit, on a real silo.</summary>
public sealed class CommitFaultTests(PostgresServer server) : IAsyncLifetime
{
    private const int Capacity = 10;

    private TestDatabase _database = null!;
    private PostgresProxy _proxy = null!;
    private SiloGroup _silos = null!;
    private SiloProcess _silo = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _proxy = new PostgresProxy(new NpgsqlConnectionStringBuilder(_database.ConnectionString).Port);
        _silos = new SiloGroup(SiloGroup.Through(_proxy.Port, _database.ConnectionString));
        _silo = await _silos.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _silos.DisposeAsync();
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Commit_ThatNeverReachedTheDatabase_IsToldAs503_AndARetryBooks()
    {
        var bookingsAfterFault = await BookThroughAsync(PostgresProxy.Fault.CutBeforeCommit);

        Assert.Equal(0, bookingsAfterFault);
    }

    [Fact]
    public async Task Commit_WhoseReplyIsLost_IsToldAs503_AndARetryFindsTheOneBooking()
    {
        var bookingsAfterFault = await BookThroughAsync(PostgresProxy.Fault.LoseReply);

        Assert.Equal(1, bookingsAfterFault);
    }

    /// <summary>Books with a key while the fault strikes, then repeats until it is answered.</summary>
    /// <returns>How many bookings the database held right after the fault.</returns>
    private async Task<long> BookThroughAsync(PostgresProxy.Fault fault)
    {
        var concert = await _silos.CreateEventAsync(_silo, Capacity);
        var buyer = _silos.User(_silo);
        _proxy.Arm(fault);

        var struck = await buyer.BookAsync(concert, 2, "key-1");

        struck.IsRefusal(503, "SERVICE_UNAVAILABLE");
        Assert.Equal("1", struck.Headers.RetryAfter?.ToString());
        Assert.Equal(1, _proxy.Faults);
        var heldAfterFault = await CountAsync();

        var retried = await RepeatAsync(() => buyer.BookAsync(concert, 2, "key-1"));
        var repeated = await buyer.BookAsync(concert, 2, "key-1");
        Assert.Equal(retried.Is(201).Id, repeated.Is(201).Id);
        Assert.Equal(1, await CountAsync());
        Assert.Equal(Capacity - 2, await _database.ScalarAsync<int>("SELECT available FROM event_inventory"));

        // The rest sells as if nothing had been.
        (await RepeatAsync(() => _silos.User(_silo).BookAsync(concert, Capacity - 2))).Is(201);
        (await _silos.User(_silo).BookAsync(concert)).IsRefusal(409, "INSUFFICIENT_AVAILABILITY");
        return heldAfterFault;
    }

    private Task<long> CountAsync() => _database.ScalarAsync<long>("SELECT count(*) FROM bookings");

    private static async Task<ApiAnswer> RepeatAsync(Func<Task<ApiAnswer>> send)
    {
        ApiAnswer? answer = null;
        await Wait.UntilAsync(
            async () => (answer = await send()).Status != 503, TimeSpan.FromSeconds(20), () => $"still {answer}");
        return answer!;
    }
}
