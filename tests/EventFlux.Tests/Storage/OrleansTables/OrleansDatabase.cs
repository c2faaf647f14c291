using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>
/// A migrated database for one test class. Its tests share it and stay apart by the cluster and service id that
/// <see cref="StartProvidersAsync"/> makes up for each of them.
/// </summary>
public sealed class OrleansDatabase(PostgresServer server) : IAsyncLifetime
{
    private static readonly TimeSpan BlockedDeadline = TimeSpan.FromSeconds(20);
    private TestDatabase? _database;

    public NpgsqlDataSource DataSource =>
        _database?.DataSource ?? throw new InvalidOperationException("Not initialized.");

    public async ValueTask InitializeAsync() => _database = await server.CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }

    /// <summary>Starts the three providers under ids that no other test uses.</summary>
    public Task<OrleansProviders> StartProvidersAsync(bool deleteStateOnClear = false) =>
        OrleansProviders.StartAsync(DataSource, $"test-{Guid.NewGuid():N}", deleteStateOnClear);

    /// <summary>The first column of the first row; the default for no row, null, and a type that differs.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = DataSource.CreateCommand(sql);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is T answer ? answer : default;
    }

    public async Task<string> ReadQueryTextAsync(string key) =>
        await ScalarAsync<string>("select querytext from orleansquery where querykey = @key", ("key", key))
        ?? throw new InvalidOperationException($"There is no query {key}.");

    /// <summary>Runs a stored query by its key, for what the providers never ask; answers its row count.</summary>
    public async Task<int> RunStoredQueryAsync(string key, params NpgsqlParameter[] parameters)
    {
        await using var command = DataSource.CreateCommand(await ReadQueryTextAsync(key));
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Returns when <paramref name="count"/> sessions of this database wait for a row lock.</summary>
    public async Task WaitUntilBlockedAsync(int count = 1)
    {
        const string Sql =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        var start = TimeProvider.System.GetTimestamp();
        while (await ScalarAsync<long>(Sql) < count)
        {
            if (TimeProvider.System.GetElapsedTime(start) > BlockedDeadline)
                throw new TimeoutException($"Fewer than {count} sessions wait for a lock.");
        }
    }
}
