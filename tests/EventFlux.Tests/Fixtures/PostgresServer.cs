using System.Runtime.Versioning;
using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]
// The server of the tests is started by Unix means (users, signals, file modes).
[assembly: UnsupportedOSPlatform("windows")]

namespace EventFlux.Tests.Fixtures;

/// <summary>
/// The one real PostgreSQL of a test run, in a folder of its own: started before the first test, stopped and deleted
/// after the last one, also when the test process is killed. Without PostgreSQL's programs the run fails and says so;
/// nothing is skipped. Take it as a constructor parameter of the test class. Safe for tests that run at once: each
/// makes databases of its own by <see cref="CreateDatabaseAsync"/>.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Template = "eventflux_template";
    private readonly SemaphoreSlim _creating = new(1, 1);
    private LocalPostgres? _server;
    private bool _hasTemplate;

    /// <summary>For the server's own database <c>eventflux</c>, which is empty: nothing is migrated there.</summary>
    public string ConnectionString =>
        _server?.ConnectionString ?? throw new InvalidOperationException("The server has not been started.");

    public async ValueTask InitializeAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"eventflux-tests-{Guid.NewGuid():N}");
        _server = await LocalPostgres.StartAsync(
            new LocalPostgresOptions { Directory = folder, MaxConnections = 400, Ephemeral = true });
    }

    /// <summary>A database of one's own with the current schema, in a few tens of milliseconds: the migrations run
    /// once a test run, every database is a copy.</summary>
    public Task<TestDatabase> CreateDatabaseAsync() => CreateAsync(migrated: true);

    /// <summary>The same, without any table.</summary>
    public Task<TestDatabase> CreateEmptyDatabaseAsync() => CreateAsync(migrated: false);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _creating.Dispose();
    }

    private async Task<TestDatabase> CreateAsync(bool migrated)
    {
        var name = $"test_{Guid.NewGuid():N}";
        // One after the other: a template must not be in use, and copying in turn is as fast on one disk.
        await _creating.WaitAsync();
        try
        {
            if (migrated && !_hasTemplate)
            {
                await ExecuteAsync($"create database {Template}");
                await new MigrationRunner(ConnectionStringFor(Template), MigrationScript.Embedded()).RunAsync();
                _hasTemplate = true;
            }

            await ExecuteAsync($"create database {name}" + (migrated ? $" template {Template}" : ""));
        }
        finally
        {
            _creating.Release();
        }

        return new TestDatabase(
            ConnectionStringFor(name), () => ExecuteAsync($"drop database if exists {name} with (force)"));
    }

    private string ConnectionStringFor(string database) =>
        new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database }.ConnectionString;

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
