using System.Data;
using System.Diagnostics;
using EventFlux.Contracts.Faults;
using EventFlux.Grains.Events;
using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>
/// Reads and writes one event's rows: a snapshot when the event activates, a fenced commit for each batch of facts. The
/// only writer of <c>events</c>, <c>event_inventory</c>, <c>bookings</c>, <c>waitlist_entries</c>,
/// <c>idempotency_keys</c>, <c>booking_analytics</c>, <c>buyers</c> and <c>outbox</c>, retention and
/// <see cref="Rebuilding"/> apart; also writes the events' part of <c>audit_log</c>. Safe for concurrent use.
/// </summary>
public sealed class EventStore
{
    /// <summary>The key of a pool for commits alone. Where none is registered, the common one serves.</summary>
    public const string Pool = "commits";

    /// <summary>What <c>fence_event</c> and <c>refuse_commit</c> raise.</summary>
    private const string FencedSqlState = "EF001";

    /// <summary>Rows that PostgreSQL surely writes in a second, on a slow and busy machine.</summary>
    private const int RowsPerSecond = 2_000;

    /// <summary>For statements whose rows are not counted beforehand: an event with all its bookings.</summary>
    private static readonly TimeSpan BulkTimeout = TimeSpan.FromMinutes(5);

    /// <summary>A commit that takes longer looks for what holds it up.</summary>
    private static readonly TimeSpan StallPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Transactions of shared commits that may be under way; more would only share less.</summary>
    private const int SharedAtOnce = 2;

    /// <summary>Facts that such a transaction takes: no event waits long for the others of it.</summary>
    private const int MostSharedFacts = 1_000;

    /// <summary>Then the next ones are begun beside them.</summary>
    private static readonly TimeSpan SharedPatience = TimeSpan.FromMilliseconds(250);

    private readonly NpgsqlDataSource _commits;
    private readonly Database _database;
    private readonly Gathering<EventCommit, long> _shared;

    /// <param name="commits">The pool for loads and commits.</param>
    /// <param name="database">For what must not wait behind a commit.</param>
    /// <param name="sharedPatience">Another than the usual.</param>
    internal EventStore(NpgsqlDataSource commits, Database database, TimeSpan? sharedPatience = null)
    {
        (_commits, _database) = (commits, database);
        _shared = new(
            SharedAtOnce, sharedPatience ?? SharedPatience, MostSharedFacts, commit => commit.Facts.Count,
            WriteSharedAsync);
    }

    /// <summary>What the event was at one moment; null when it never was.</summary>
    /// <exception cref="ServiceUnavailableException">The database can't be reached.</exception>
    internal async Task<StoredEvent?> LoadAsync(Guid eventId, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _commits.OpenConnectionAsync(cancellationToken);
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

    /// <summary>Writes the commit in one round trip and one transaction, or nothing. While others are being written it
    /// waits, to share the next transaction with those of other events that wait.</summary>
    /// <returns>When it was sent, as a timestamp.</returns>
    /// <exception cref="CommitFailedException">It is not known to be durable.</exception>
    internal Task<long> CommitAsync(EventCommit commit) =>
        commit.CanShare ? _shared.AskAsync(commit) : WriteAsync([commit]);

    /// <summary>All in one transaction. When that is refused for one of them, each goes by itself: nobody fails by
    /// another's fault, or waits for long behind what only another must wait for.</summary>
    private async Task WriteSharedAsync(IReadOnlyList<Gathered<EventCommit, long>> round)
    {
        try
        {
            var sent = await WriteAsync([.. round.Select(asked => asked.Item)]);
            foreach (var asked in round) asked.SetResult(sent);
        }
        catch (CommitFailedException failure) when (round.Count > 1 && failure.Failure != CommitFailure.Unknown)
        {
            await Task.WhenAll(round.Select(WriteAloneAsync));
        }
    }

    private async Task WriteAloneAsync(Gathered<EventCommit, long> asked)
    {
        Activity.Current = asked.Trace;
        try
        {
            asked.SetResult(await WriteAsync([asked.Item]));
        }
        catch (CommitFailedException failure)
        {
            asked.SetException(failure);
        }
    }

    private async Task<long> WriteAsync(IReadOnlyList<EventCommit> commits)
    {
        var (sent, isSent) = (Stopwatch.GetTimestamp(), false);
        try
        {
            await using var connection = await _commits.OpenConnectionAsync();
            await using var batch = EventCommitCommands.Create(connection, commits);
            batch.Timeout = TimeoutOf(commits, batch.Timeout);
            isSent = true;
            await ExecuteAsync(batch, connection.ProcessID);
            return sent;
        }
        // An error ends the transaction; what is graver ends the connection, perhaps behind the commit.
        catch (PostgresException exception) when (isSent && exception.InvariantSeverity == "ERROR")
        {
            var failure = exception.SqlState == FencedSqlState ? CommitFailure.Fenced : CommitFailure.Rejected;
            throw new CommitFailedException(failure, exception);
        }
        catch (Exception exception)
        {
            // Not the driver's own faults alone: a socket that is closed under a read tells so in its own words.
            throw new CommitFailedException(isSent ? CommitFailure.Unknown : CommitFailure.NotSent, exception);
        }
    }

    /// <summary>
    /// Waits for the commit. A silo that was frozen, or whose machine went dark, between two packets of a commit leaves
    /// PostgreSQL in the middle of a transaction that holds the event's counters, and nothing there ends it while the
    /// connection seems to live. So whoever waits behind it ends it.
    /// </summary>
    private async Task ExecuteAsync(NpgsqlBatch batch, int backend)
    {
        var writing = batch.ExecuteNonQueryAsync();
        // Looking takes a connection and may take long; the commit is never kept waiting for it.
        while (await Task.WhenAny(writing, Task.Delay(StallPeriod)) != writing)
            await Task.WhenAny(writing, EndStalledCommitsAsync(backend));
        await writing;
    }

    private async Task EndStalledCommitsAsync(int waiting)
    {
        try
        {
            await _database.QueryAsync(
                batch =>
                {
                    batch.Add(EventCommitSql.AsLogin);
                    batch.Add(EventCommitSql.EndStalledCommits).With(waiting);
                },
                async (reader, token) => await reader.NextResultAsync(token) && await reader.ReadAsync(token),
                CancellationToken.None);
        }
        catch (Exception)
        {
            // What becomes of the commit is told by the commit, also when it can't be helped along.
        }
    }

    /// <summary>In seconds. A large commit that was given up would be tried again by every command after it, and fail
    /// again: it gets the time that it needs.</summary>
    private static int TimeoutOf(IReadOnlyList<EventCommit> commits, int usual)
    {
        var isBulk = commits[0].Facts.Any(fact => fact is EventCancelled or WaitlistClosed);
        return isBulk
            ? (int)BulkTimeout.TotalSeconds
            : usual + (commits.Sum(commit => commit.Facts.Count) / RowsPerSecond);
    }
}
