using Npgsql;

namespace EventFlux.Tests.Fixtures;

/// <summary>A database that belongs to one test. Disposing drops it, whoever is still connected.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly Func<Task> _drop;

    internal TestDatabase(string connectionString, Func<Task> drop)
    {
        (ConnectionString, _drop) = (connectionString, drop);
        DataSource = NpgsqlDataSource.Create(connectionString);
    }

    /// <summary>For Npgsql; also good as a silo's <c>DATABASE_URL</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>A pool for the test's own look at the rows; closed with the database.</summary>
    public NpgsqlDataSource DataSource { get; }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _drop();
    }
}
