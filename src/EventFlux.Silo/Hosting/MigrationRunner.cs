using Npgsql;

namespace EventFlux.Silo.Hosting;

/// <summary>
/// Brings a database to the schema that this program knows, forward only. Each script and its journal row are one
/// transaction, so an interrupted run goes on where it stopped. An advisory lock makes any number of silos that start
/// at once safe: the first one works, the others wait and find nothing to do.
/// <para>
/// Refuses, with nothing changed: a database with a script that this program doesn't know (it is newer), an applied
/// script whose text was changed since, and a script that would have to go before one that is applied already.
/// </para>
/// </summary>
internal sealed class MigrationRunner(string connectionString, IReadOnlyList<MigrationScript> scripts)
{
    // Any constant does, as long as every version of this program uses the same one.
    internal const long LockKey = 0x4576656E74466C75;

    private const int Attempts = 60;
    private static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromMilliseconds(500);

    // Asked for the existence only, so that a login that may not create finds a current schema to be just that.
    private const string CreateJournal = """
        do $$
        begin
          if to_regclass('schema_migrations') is null then
            create table schema_migrations (
              name       text primary key,
              checksum   text not null,
              applied_at timestamptz not null default now()
            );
          end if;
        end $$
        """;

    // Without a pool: closing the connection must end the session, and with it the lock, whatever happened before.
    private readonly NpgsqlConnectionStringBuilder _connection = new(connectionString) { CommandTimeout = 0 };

    /// <returns>Names of the scripts applied by this call; empty when the schema was current.</returns>
    /// <exception cref="StartupException">The database doesn't fit this program, or a script failed.</exception>
    /// <exception cref="NpgsqlException">The database can't be reached.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = DataSources.Unpooled(_connection);
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_lock({LockKey})", cancellationToken);
        await ExecuteAsync(connection, CreateJournal, cancellationToken);

        var journal = await ReadJournalAsync(connection, cancellationToken);
        ThrowIfUnfit(journal);

        var applied = new List<string>();
        foreach (var script in scripts.Where(script => !journal.ContainsKey(script.Name)))
        {
            await ApplyAsync(connection, script, cancellationToken);
            applied.Add(script.Name);
        }

        return applied;
    }

    /// <summary>Makes sure that the schema is exactly this program's, and changes nothing.</summary>
    /// <exception cref="StartupException">It is another one, or none.</exception>
    /// <exception cref="NpgsqlException">The database can't be reached.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken = default)
    {
        await using var connection = DataSources.Unpooled(_connection);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select to_regclass('schema_migrations') is null", connection);
        var isEmpty = (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        var journal = isEmpty ? [] : await ReadJournalAsync(connection, cancellationToken);
        ThrowIfUnfit(journal);
        if (scripts.FirstOrDefault(script => !journal.ContainsKey(script.Name)) is { } missing)
            throw new StartupException(
                $"The database is older than this program ({missing.Name} is not applied). Run `migrate` first.");
    }

    /// <summary>Whether every script of this program is applied. A newer database counts as current: during a
    /// rolling release the silos of the older version go on serving.</summary>
    public async Task<bool> IsCurrentAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            "select count(*) from schema_migrations where name = any($1)");
        command.Parameters.AddWithValue(scripts.Select(script => script.Name).ToArray());
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! == scripts.Count;
    }

    private void ThrowIfUnfit(IReadOnlyDictionary<string, string> journal)
    {
        var known = scripts.ToDictionary(script => script.Name);
        var unknown = journal.Keys.Where(name => !known.ContainsKey(name)).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            throw new StartupException(
                $"The database is newer than this program (it has {unknown[^1]}, which this version doesn't know). "
                + "Start the version that migrated it, or a later one.");

        var changed = scripts.FirstOrDefault(
            script => journal.TryGetValue(script.Name, out var checksum) && checksum != script.Checksum);
        if (changed is not null)
            throw new StartupException(
                $"The migration {changed.Name} was changed after it had been applied to this database. "
                + "Put the change into a new migration, or start on an empty database.");

        var newest = journal.Keys.Order(StringComparer.Ordinal).LastOrDefault();
        var late = scripts.FirstOrDefault(
            script => !journal.ContainsKey(script.Name) && string.CompareOrdinal(script.Name, newest) < 0);
        if (late is not null)
            throw new StartupException(
                $"The migration {late.Name} comes before {newest}, which is applied already. "
                + "Give it a number behind that one, or start on an empty database.");
    }

    /// <summary>Beside silos that sell. A lock that a long read keeps is not waited for with all sales behind: the
    /// script begins anew a moment later, as it does after a deadlock.</summary>
    private static async Task ApplyAsync(
        NpgsqlConnection connection, MigrationScript script, CancellationToken cancellationToken)
    {
        for (var left = Attempts; !await TryApplyAsync(connection, script, left == 1, cancellationToken); left--)
            await Task.Delay(PauseBetweenAttempts, cancellationToken);
    }

    private static async Task<bool> TryApplyAsync(
        NpgsqlConnection connection, MigrationScript script, bool isLast, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, "set local lock_timeout = '2s'", cancellationToken);
            await ExecuteAsync(connection, script.Sql, cancellationToken);
        }
        catch (PostgresException failure) when (!isLast && failure.SqlState
            is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
        catch (PostgresException failure)
        {
            throw new StartupException(
                $"The migration {script.Name} failed and was rolled back: {failure.MessageText} ({failure.SqlState}).");
        }

        await using var entry = new NpgsqlCommand(
            "insert into schema_migrations (name, checksum) values ($1, $2)", connection, transaction);
        entry.Parameters.AddWithValue(script.Name);
        entry.Parameters.AddWithValue(script.Checksum);
        await entry.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task<Dictionary<string, string>> ReadJournalAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var journal = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("select name, checksum from schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            journal.Add(reader.GetString(0), reader.GetString(1));
        return journal;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
