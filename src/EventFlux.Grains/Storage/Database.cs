using System.Data;
using EventFlux.Contracts.Faults;
using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>
/// Where reads go to PostgreSQL: one round trip for the statements of a query. Driver exceptions stop here. Safe for
/// concurrent use.
/// </summary>
public sealed class Database(NpgsqlDataSource source)
{
    /// <summary>Both end with the transaction, so a connection goes back to the pool as what it was. A function, since
    /// <c>SET LOCAL</c> takes no parameters; first the id, which the policies of that role ask for.</summary>
    private const string ReadAsUser = $"""
        SELECT set_config('eventflux.user_id', $1::text, true), set_config('role', '{DatabaseRoles.User}', true)
        """;

    private const string UsersMark = "/* as a user */ ";

    /// <summary>SQLSTATEs of a server that is going away, not there yet, too slow, or a standby.</summary>
    private static readonly string[] Absences =
    [
        PostgresErrorCodes.AdminShutdown, PostgresErrorCodes.CrashShutdown, PostgresErrorCodes.CannotConnectNow,
        PostgresErrorCodes.QueryCanceled, PostgresErrorCodes.ReadOnlySqlTransaction,
    ];

    private readonly Guid? _user;

    private Database(NpgsqlDataSource source, Guid user)
        : this(source) => _user = user;

    /// <summary>For reads on behalf of one user: the database itself shows that user's rows and nobody else's, also to
    /// a query that forgets to ask for them, and takes no writes. The same round trip.</summary>
    public Database As(Guid userId) => new(source, userId);

    /// <summary>Sends the statements and hands their results to <paramref name="read"/>.</summary>
    /// <exception cref="ServiceUnavailableException">The database can't be reached, or not in time.</exception>
    public async Task<T> QueryAsync<T>(
        Action<NpgsqlBatch> prepare,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection);
            // All statements of a batch are one transaction, which the first one thus sets up for the others.
            if (_user is { } user) batch.Add(ReadAsUser).With(user);
            prepare(batch);
            if (_user is not null) MarkAsUsers(batch);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            if (_user is not null) await reader.NextResultAsync(cancellationToken);
            return await read(reader, cancellationToken);
        }
        catch (NpgsqlException exception) when (IsUnavailable(exception))
        {
            throw new ServiceUnavailableException("The database can't be reached now.", exception);
        }
    }

    /// <summary>A prepared statement is analysed and planned anew whenever another role executes it, which costs more
    /// than a small read itself. So what users read has texts, and with them statements, of its own.</summary>
    private static void MarkAsUsers(NpgsqlBatch batch)
    {
        for (var at = 1; at < batch.BatchCommands.Count; at++)
            batch.BatchCommands[at].CommandText = UsersMark + batch.BatchCommands[at].CommandText;
    }

    /// <summary>The same, with all statements seeing the database as it was at one instant, so that what they answer
    /// adds up. For one round trip more.</summary>
    /// <inheritdoc cref="QueryAsync" path="/exception"/>
    internal async Task<T> AtOneInstantAsync<T>(
        Action<NpgsqlBatch> prepare,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction =
                await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var batch = new NpgsqlBatch(connection, transaction);
            prepare(batch);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            return await read(reader, cancellationToken);
        }
        catch (NpgsqlException exception) when (IsUnavailable(exception))
        {
            throw new ServiceUnavailableException("The database can't be reached now.", exception);
        }
    }

    /// <summary>The rows of one statement.</summary>
    /// <inheritdoc cref="QueryAsync" path="/exception"/>
    public Task<List<T>> ListAsync<T>(
        Action<NpgsqlBatch> prepare, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken) =>
        QueryAsync(prepare, (reader, token) => ReadAllAsync(reader, map, token), cancellationToken);

    /// <summary>The first row of one statement, or the default.</summary>
    /// <inheritdoc cref="QueryAsync" path="/exception"/>
    public Task<T?> FirstAsync<T>(
        Action<NpgsqlBatch> prepare, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken) =>
        QueryAsync(
            prepare,
            async (reader, token) => await reader.ReadAsync(token) ? map(reader) : default,
            cancellationToken);

    /// <summary>A page of a list.</summary>
    /// <param name="parameters">Those that the list's source takes.</param>
    /// <inheritdoc cref="QueryAsync" path="/exception"/>
    internal Task<Page<T>> PageAsync<T>(
        ListQuery list,
        Action<NpgsqlBatchCommand> parameters,
        Func<NpgsqlDataReader, T> map,
        PageRequest page,
        CancellationToken cancellationToken) =>
        QueryAsync(
            batch => list.Prepare(batch, parameters, page),
            (reader, token) => list.ReadAsync(reader, map, page, token),
            cancellationToken);

    /// <summary>Whether the fault is the database's absence and not the statement's doing.</summary>
    internal static bool IsUnavailable(NpgsqlException exception) =>
        exception is not PostgresException server
        || server.IsTransient
        || Absences.Contains(server.SqlState);

    /// <summary>The rows of the result that the reader is at.</summary>
    internal static async Task<List<T>> ReadAllAsync<T>(
        NpgsqlDataReader reader, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(map(reader));
        return rows;
    }
}
