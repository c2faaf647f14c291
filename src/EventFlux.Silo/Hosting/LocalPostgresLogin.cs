using System.Diagnostics;
using Npgsql;

namespace EventFlux.Silo.Hosting;

/// <summary>The way into the private PostgreSQL: port, role, password, database. Called under the start lock of
/// <see cref="LocalPostgres"/>.</summary>
internal static class LocalPostgresLogin
{
    private const string DatabaseName = "eventflux";
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Starts the server if none runs, waits until it takes the login, and makes the database.</summary>
    /// <returns>A connection string for the database; it holds the password.</returns>
    /// <exception cref="StartupException">It doesn't start, answer, or accept the password.</exception>
    public static async Task<string> OpenAsync(
        PostgresProcess server, string shareLock, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(server, shareLock, cancellationToken);
        await EnsureDatabaseAsync(connection, cancellationToken);
        connection.Database = DatabaseName;
        return connection.ConnectionString;
    }

    private static async Task<NpgsqlConnectionStringBuilder> ConnectAsync(
        PostgresProcess server, string shareLock, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Username = LocalPostgres.UserName,
            Password = PrivateFile.GetOrCreate(server.Data.PasswordPath),
            Database = "postgres",
        };
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < ReadyTimeout;)
        {
            // A server left by a crash of all silos may be starting, recovering or stopping: look again each time.
            var port = server.RunningPort() ?? await server.StartAsync(shareLock, cancellationToken);
            if (port is null)
            {
                await Task.Delay(PollInterval, cancellationToken);
                continue;
            }

            connection.Port = port.Value;
            try
            {
                await using var probe = Open(connection);
                await probe.OpenAsync(cancellationToken);
                return connection;
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidPassword)
            {
                throw new StartupException(
                    $"The local PostgreSQL does not accept the password in {server.Data.PasswordPath}. "
                    + $"Restore that file, or delete {Path.GetDirectoryName(server.Data.PasswordPath)} "
                    + "and with it the local data.");
            }
            catch (NpgsqlException)
            {
                await Task.Delay(PollInterval, cancellationToken);
            }
        }

        throw new StartupException(
            $"The local PostgreSQL in {server.Data.Directory} does not answer within {ReadyTimeout.TotalSeconds:0} s.");
    }

    private static async Task EnsureDatabaseAsync(
        NpgsqlConnectionStringBuilder connectionString, CancellationToken cancellationToken)
    {
        await using var connection = Open(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var find = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection);
        find.Parameters.AddWithValue(DatabaseName);
        if (await find.ExecuteScalarAsync(cancellationToken) is not null)
            return;
        await using var create = new NpgsqlCommand($"create database {DatabaseName}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlConnection Open(NpgsqlConnectionStringBuilder connectionString) =>
        DataSources.Unpooled(new(connectionString.ConnectionString) { Timeout = 5 });
}
