using System.Data.Common;
using EventFlux.Contracts.Faults;
using EventFlux.Contracts.Users;
using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>
/// Reads the table <c>users</c>, which follows every user's stored state in the same transaction: what a grain answered is
/// here at once. Safe for concurrent use.
/// </summary>
/// <remarks>Every method throws <see cref="ServiceUnavailableException"/> when the database can't be reached.</remarks>
public sealed class UserQueries(NpgsqlDataSource database)
{
    /// <summary>Generous for what these queries cost, and well within the time in which a revocation has to arrive.</summary>
    private const int PollTimeoutSeconds = 2;

    private const string EmailIndex = "users_email_unique";

    /// <summary>The user, or null.</summary>
    public Task<UserProfile?> FindAsync(Guid id, CancellationToken cancellationToken = default) => ReadAsync(async () =>
    {
        await using var command = database.CreateCommand("""
            SELECT id, email, first_name, last_name, role, credential_version, created_at, updated_at
              FROM users WHERE id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? ReadProfile(reader) : null;
    });

    /// <summary>Whose address this is, without regard to case; null when nobody's.</summary>
    public Task<Guid?> FindIdByEmailAsync(string email, CancellationToken cancellationToken = default) =>
        ReadAsync(async () =>
        {
            await using var command = database.CreateCommand(
                """SELECT id FROM users WHERE lower(email COLLATE "C") = lower($1 COLLATE "C")""");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = email });
            return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
        });

    /// <summary>
    /// Reports each user whose credential version was raised after <paramref name="since"/> less <paramref name="overlap"/>, by
    /// the database's clock; without <paramref name="since"/>, within the last <paramref name="overlap"/>.
    /// </summary>
    /// <remarks>The overlap catches what was stamped before an earlier read and committed after it. Where the clock went back,
    /// the earlier of the two times counts, so a step loses nothing either.</remarks>
    /// <returns>The database's time of this read: the next <paramref name="since"/>.</returns>
    public Task<DateTimeOffset> ReadCredentialChangesAsync(
        DateTimeOffset? since, TimeSpan overlap, Action<Guid, int> report, CancellationToken cancellationToken) =>
        ReadAsync(async () =>
        {
            await using var batch = database.CreateBatch();
            batch.Timeout = PollTimeoutSeconds;
            batch.Add("SELECT now()");
            batch.Add("""
                SELECT id, credential_version FROM users
                 WHERE credential_version > 1 AND credentials_changed_at > least($1, now()) - $2
                """).With(since).With(overlap);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var now = reader.GetFieldValue<DateTimeOffset>(0);
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) report(reader.GetGuid(0), reader.GetInt32(1));
            return now;
        });

    /// <summary>Whether a write failed because the e-mail address belongs to another user. Nothing was written then.</summary>
    internal static bool IsEmailTaken(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is PostgresException
                {
                    SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: EmailIndex,
                })
                return true;
        }

        return false;
    }

    private static UserProfile ReadProfile(DbDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3),
        UserRoleText.TryParse(row.GetString(4), out var role) ? role : throw new InvalidDataException("Unknown role."),
        row.GetInt32(5), row.GetFieldValue<DateTimeOffset>(6), row.GetFieldValue<DateTimeOffset>(7));

    private static async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            throw new ServiceUnavailableException("The users can't be read now.", exception);
        }
    }
}
