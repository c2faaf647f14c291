using Npgsql;

namespace EventFlux.Tests.Storage;

/// <summary>Events whose rows a session holds that is at work: one that did nothing would be ended by whoever waits for
/// it. Dispose it, or the session works for a minute.</summary>
internal sealed class HeldEvents : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _work;
    private readonly Task<int> _working;

    private HeldEvents(NpgsqlConnection connection)
    {
        _connection = connection;
        _work = new NpgsqlCommand("SELECT pg_sleep(60)", connection) { CommandTimeout = 0 };
        _working = _work.ExecuteNonQueryAsync(CancellationToken.None);
    }

    public static async Task<HeldEvents> LockAsync(NpgsqlDataSource source, params Guid[] events)
    {
        var connection = await source.OpenConnectionAsync();
        await using var begin = new NpgsqlCommand("BEGIN", connection);
        await begin.ExecuteNonQueryAsync();
        await using var hold = new NpgsqlCommand(
            "SELECT FROM event_inventory WHERE event_id = ANY ($1) FOR UPDATE", connection)
        {
            Parameters = { new() { Value = events } },
        };
        await hold.ExecuteNonQueryAsync();
        return new(connection);
    }

    public async Task ReleaseAsync()
    {
        // A request that comes before the work has begun is forgotten.
        do _work.Cancel();
        while (await Task.WhenAny(_working, Task.Delay(100)) != _working);
        await using var end = new NpgsqlCommand("ROLLBACK", _connection);
        await end.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_working.IsCompleted) await ReleaseAsync();
        await _work.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
