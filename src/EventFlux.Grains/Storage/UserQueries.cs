using EventFlux.Contracts.Faults;
using EventFlux.Contracts.Users;
using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>
/// Reads the table <c>users</c>, which follows every user's stored state in the same transaction: what a grain
/// answered is here at once. Safe for concurrent use.
/// </summary>
/// <remarks>Every method throws <see cref="ServiceUnavailableException"/> when the database can't be
/// reached.</remarks>
public sealed class UserQueries(Database database)
{
    /// <summary>Generous for what a poll costs, and well within the time in which a revocation has to arrive.</summary>
    private const int PollTimeoutSeconds = 2;

    private const string EmailIndex = "users_email_unique";

    /// <summary>The SQLSTATE of the rule that somebody must be an admin.</summary>
    private const string NoAdminLeft = "EF004";

    /// <summary>What <see cref="Map"/> reads.</summary>
    internal const string Columns =
        "id, email, first_name, last_name, role, credential_version, created_at, updated_at";

    internal const int ColumnCount = 8;

    private const string ById = $"SELECT {Columns} FROM users WHERE id = $1";

    private const string IdByEmail = """
        SELECT id FROM users WHERE lower(email COLLATE "C") = lower($1 COLLATE "C")
        """;

    private const string CredentialChanges = """
        SELECT id, credential_version FROM users
         WHERE credential_version > 1 AND credentials_changed_at > least($1, now()) - $2
        """;

    /// <summary>The user, or null.</summary>
    public Task<UserProfile?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.As(id).FirstAsync(batch => batch.Add(ById).With(id), Map, cancellationToken);

    /// <summary>Whose address this is, without regard to case; null when nobody's.</summary>
    public Task<Guid?> FindIdByEmailAsync(string email, CancellationToken cancellationToken) =>
        database.FirstAsync(batch => batch.Add(IdByEmail).With(email), row => (Guid?)row.GetGuid(0), cancellationToken);

    /// <summary>
    /// Reports each user whose credential version was raised after <paramref name="since"/> less
    /// <paramref name="overlap"/>, by the database's clock; without <paramref name="since"/>, within the last
    /// <paramref name="overlap"/>.
    /// </summary>
    /// <remarks>The overlap catches what was stamped before an earlier read and committed after it. Where the clock
    /// went back, the earlier of the two times counts, so a step loses nothing either.</remarks>
    /// <returns>The database's time of this read: the next <paramref name="since"/>.</returns>
    public Task<DateTimeOffset> ReadCredentialChangesAsync(
        DateTimeOffset? since, TimeSpan overlap, Action<Guid, int> report, CancellationToken cancellationToken)
    {
        return database.QueryAsync(Prepare, ReadAsync, cancellationToken);

        void Prepare(NpgsqlBatch batch)
        {
            batch.Timeout = PollTimeoutSeconds;
            batch.Add("SELECT now()");
            batch.Add(CredentialChanges).With(since).With(overlap);
        }

        async Task<DateTimeOffset> ReadAsync(NpgsqlDataReader reader, CancellationToken token)
        {
            await reader.ReadAsync(token);
            var now = reader.Instant(0);
            await reader.NextResultAsync(token);
            while (await reader.ReadAsync(token)) report(reader.GetGuid(0), reader.GetInt32(1));
            return now;
        }
    }

    /// <summary>Whether a write failed because the e-mail address belongs to another user. Nothing was written
    /// then.</summary>
    internal static bool IsEmailTaken(Exception exception) => ServerSaid(
        exception, fault => fault is
        {
            SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: EmailIndex,
        });

    /// <summary>Whether a write failed because it would have left no admin. Nothing was written then.</summary>
    internal static bool IsLastAdmin(Exception exception) =>
        ServerSaid(exception, fault => fault.SqlState == NoAdminLeft);

    private static bool ServerSaid(Exception? exception, Func<PostgresException, bool> what)
    {
        for (; exception is not null; exception = exception.InnerException)
            if (exception is PostgresException fault && what(fault))
                return true;
        return false;
    }

    /// <summary>Reads the first <see cref="ColumnCount"/> columns.</summary>
    internal static UserProfile Map(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3),
        UserRoleText.TryParse(row.GetString(4), out var role) ? role : throw new InvalidDataException("Unknown role."),
        row.GetInt32(5), row.Instant(6), row.Instant(7));
}
