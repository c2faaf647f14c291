using EventFlux.Grains.Storage;
using Npgsql;

namespace EventFlux.Silo.Hosting;

/// <summary>
/// How a silo comes to work as <see cref="DatabaseRoles.Silo"/> and not as the login that it connects with, which may
/// be the tables' owner.
/// </summary>
internal static class SiloLogin
{
    private const string BothRoles = $"{DatabaseRoles.Silo}, {DatabaseRoles.User}";

    private const string CreationOf = """
        SELECT CASE WHEN $2 = '' THEN format('CREATE ROLE %I LOGIN', $1)
                    ELSE format('CREATE ROLE %I LOGIN PASSWORD %L', $1, $2) END
         WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)
        """;

    private const string GrantTo = $"""
        SELECT format('GRANT {BothRoles} TO %I', $1)
         WHERE NOT (pg_has_role($1, '{DatabaseRoles.Silo}', 'MEMBER')
                    AND pg_has_role($1, '{DatabaseRoles.User}', 'MEMBER'))
        """;

    private const string Standing = $"""
        SELECT current_user = '{DatabaseRoles.Silo}' AND pg_has_role(session_user, '{DatabaseRoles.User}', 'MEMBER'),
               to_regclass('schema_migrations') IS NOT NULL
        """;

    /// <summary>The same connection, as the role from its first moment on.</summary>
    public static NpgsqlConnectionStringBuilder AsSilo(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        // What is set here would hide libpq's variable, which Npgsql also knows.
        var given = connection.Options ?? Environment.GetEnvironmentVariable("PGOPTIONS");
        connection.Options = $"{given} -c role={DatabaseRoles.Silo}".TrimStart();
        // The driver's reset sets the session's user anew, and with it, in some versions of PostgreSQL, the role.
        // Nothing that a silo sets outlives its transaction, so there is nothing to reset.
        connection.NoResetOnClose = true;
        return connection;
    }

    /// <summary>Makes the silo's login when there is none yet, with the password that it is going to use, and lets it
    /// take on the roles. After the migrations, which make those. Any number of silos may do this at once.</summary>
    /// <param name="owner">The login that migrates; the other may be the same.</param>
    /// <exception cref="StartupException">The owner may not make logins.</exception>
    public static async Task EnsureAsync(
        string owner, string connectionString, CancellationToken cancellationToken = default)
    {
        var login = new NpgsqlConnectionStringBuilder(connectionString);
        if (login.Username is null || login.Username == new NpgsqlConnectionStringBuilder(owner).Username) return;

        await using var connection = Unpooled(owner);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({MigrationRunner.LockKey})", cancellationToken);
        var verifier = login.Password is { Length: > 0 } password ? ScramVerifier.Of(password) : "";
        try
        {
            await ExecuteComposedAsync(connection, CreationOf, cancellationToken, login.Username, verifier);
            await ExecuteComposedAsync(connection, GrantTo, cancellationToken, login.Username);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new StartupException(
                $"The login of MIGRATION_DATABASE_URL may not make the login '{login.Username}' of DATABASE_URL. "
                + $"Let a superuser run: CREATE ROLE \"{login.Username}\" LOGIN PASSWORD '...'; "
                + $"GRANT {BothRoles} TO \"{login.Username}\";");
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Makes sure that the silo's connections are what they should be, before anything relies on it.</summary>
    /// <exception cref="StartupException">They are not.</exception>
    public static async Task VerifyAsync(string connectionString, CancellationToken cancellationToken = default)
    {
        var silo = AsSilo(connectionString);
        bool isMember, hasTables;
        try
        {
            await using var connection = Unpooled(silo.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(Standing, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            (isMember, hasTables) = (reader.GetBoolean(0), reader.GetBoolean(1));
        }
        catch (PostgresException refused) when (refused.SqlState
            is PostgresErrorCodes.InvalidParameterValue or PostgresErrorCodes.UndefinedObject
            or PostgresErrorCodes.InsufficientPrivilege)
        {
            // The role is missing (a dump restored on another server), or the login is none of its members.
            (isMember, hasTables) = (false, true);
        }

        if (!isMember)
            throw new StartupException(
                $"The login '{silo.Username}' may not work as {BothRoles}. "
                + $"Let a superuser run: GRANT {BothRoles} TO \"{silo.Username}\";");
        if (!hasTables)
            throw new StartupException(
                "MIGRATION_DATABASE_URL names another database (or search path) than DATABASE_URL.");
    }

    private static async Task ExecuteComposedAsync(
        NpgsqlConnection connection, string composition, CancellationToken cancellationToken, params string[] values)
    {
        await using var compose = new NpgsqlCommand(composition, connection);
        foreach (var value in values) compose.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        if (await compose.ExecuteScalarAsync(cancellationToken) is string statement)
            await ExecuteAsync(connection, statement, cancellationToken);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlConnection Unpooled(string connectionString) =>
        DataSources.Unpooled(new(connectionString));
}
