using System.Data;
using EventFlux.Contracts.Faults;
using EventFlux.Grains.Events;
using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>
/// Reads and writes one event's rows: a snapshot when the event activates, a fenced commit for each batch of facts. The
/// only writer of <c>events</c>, <c>event_inventory</c>, <c>bookings</c>, <c>waitlist_entries</c>,
/// <c>idempotency_keys</c>, <c>booking_analytics</c> and <c>outbox</c>, retention apart. Safe for concurrent use.
/// </summary>
internal sealed class EventStore(NpgsqlDataSource database)
{
    /// <summary>What <c>fence_event</c> raises.</summary>
    private const string FencedSqlState = "EF001";

    /// <summary>What the event was at one moment; null when it never was.</summary>
    /// <exception cref="ServiceUnavailableException">The database can't be reached.</exception>
    public async Task<StoredEvent?> LoadAsync(Guid eventId, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            // One snapshot for all the statements: a commit in between would show rows that contradict the counters.
            await using var transaction =
                await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var batch = EventSnapshot.Query(connection, transaction, eventId);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            return await EventSnapshot.ReadAsync(reader, cancellationToken);
        }
        catch (NpgsqlException exception) when (Database.IsUnavailable(exception))
        {
            throw new ServiceUnavailableException("The event can't be read now.", exception);
        }
    }

    /// <summary>Writes the commit in one round trip and one transaction, or nothing.</summary>
    /// <exception cref="CommitFailedException">It is not known to be durable.</exception>
    public async Task CommitAsync(EventCommit commit)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync();
            await using var batch = EventCommitCommands.Create(connection, commit);
            await batch.ExecuteNonQueryAsync();
        }
        catch (PostgresException exception) when (!exception.IsTransient)
        {
            var failure = exception.SqlState == FencedSqlState ? CommitFailure.Fenced : CommitFailure.Rejected;
            throw new CommitFailedException(failure, exception);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            throw new CommitFailedException(CommitFailure.Unknown, exception);
        }
    }
}
