namespace EventFlux.Grains.Storage;

/// <summary>An event that has something due.</summary>
/// <param name="At">Since when.</param>
/// <param name="RowId">The row that says so; with <paramref name="At"/> it says where the next page begins.</param>
internal readonly record struct DueEvent(Guid EventId, DateTimeOffset At, Guid RowId);

/// <summary>
/// What the minute sweep reads and removes. Each statement walks an index from its due end and stops at a page's size,
/// so its cost follows what is due, not what exists.
/// </summary>
internal sealed class MaintenanceQueries(Database database)
{
    internal const string EventsPastTheirDate = """
        SELECT id, event_date, id FROM events
         WHERE deleted_at IS NULL AND status = 'active' AND event_date <= $1 AND (event_date, id) > ($2, $3)
         ORDER BY event_date, id LIMIT $4
        """;

    internal const string OffersPastTheirEnd = """
        SELECT event_id, expires_at, id FROM waitlist_entries
         WHERE status = 'notified' AND expires_at <= $1 AND (expires_at, id) > ($2, $3)
         ORDER BY expires_at, id LIMIT $4
        """;

    internal const string HoldsPastTheirEnd = """
        SELECT event_id, expires_at, id FROM holds
         WHERE status = 'open' AND expires_at <= $1 AND (expires_at, id) > ($2, $3)
         ORDER BY expires_at, id LIMIT $4
        """;

    /// <summary>With their keys: a key without its booking would answer a repeat with nothing.</summary>
    private const string CancelledBookings = """
        WITH old AS (
          SELECT id FROM bookings WHERE status = 'cancelled' AND cancelled_at < $1 ORDER BY cancelled_at, id LIMIT $2),
        gone AS (
          DELETE FROM bookings USING old WHERE bookings.id = old.id RETURNING bookings.id, bookings.user_id),
        keys AS (
          DELETE FROM idempotency_keys AS k USING gone
           WHERE k.user_id = gone.user_id AND k.scope = 'booking' AND k.resource_id = gone.id)
        SELECT count(*)::integer FROM gone
        """;

    private const string IdempotencyKeys = """
        WITH old AS (
          SELECT user_id, scope, key FROM idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2),
        gone AS (
          DELETE FROM idempotency_keys AS k USING old
           WHERE (k.user_id, k.scope, k.key) = (old.user_id, old.scope, old.key) RETURNING 1)
        SELECT count(*)::integer FROM gone
        """;

    private const string EndedHolds = """
        WITH old AS (
          SELECT id FROM holds WHERE status <> 'open' AND ended_at < $1 ORDER BY ended_at, id LIMIT $2),
        gone AS (DELETE FROM holds USING old WHERE holds.id = old.id RETURNING 1)
        SELECT count(*)::integer FROM gone
        """;

    /// <summary>Ids rise with time, so the oldest facts are at the front of the primary key; no index on time is
    /// needed.</summary>
    private const string OutboxFacts = """
        WITH oldest AS (SELECT id, occurred_at FROM outbox ORDER BY id LIMIT $2),
        gone AS (
          DELETE FROM outbox USING oldest WHERE outbox.id = oldest.id AND oldest.occurred_at < $1 RETURNING 1)
        SELECT count(*)::integer FROM gone
        """;

    private const string CloseDays = "SELECT close_days($1, $2)";

    private const string SumUpEvents = "SELECT sum_up_events($1)";

    /// <summary>Active events whose date has come, by date, after <paramref name="last"/>.</summary>
    public Task<List<DueEvent>> FindEventsPastTheirDateAsync(
        DateTimeOffset now, DueEvent? last, int limit, CancellationToken cancellationToken) =>
        FindAsync(EventsPastTheirDate, now, last, limit, cancellationToken);

    /// <summary>Open offers whose end has come, by end, after <paramref name="last"/>.</summary>
    public Task<List<DueEvent>> FindOffersPastTheirEndAsync(
        DateTimeOffset now, DueEvent? last, int limit, CancellationToken cancellationToken) =>
        FindAsync(OffersPastTheirEnd, now, last, limit, cancellationToken);

    /// <summary>Open holds whose end has come, by end, after <paramref name="last"/>.</summary>
    public Task<List<DueEvent>> FindHoldsPastTheirEndAsync(
        DateTimeOffset now, DueEvent? last, int limit, CancellationToken cancellationToken) =>
        FindAsync(HoldsPastTheirEnd, now, last, limit, cancellationToken);

    /// <summary>Removes holds that ended before <paramref name="cutoff"/>; answers how many.</summary>
    public Task<int> RemoveEndedHoldsAsync(DateTimeOffset cutoff, int limit, CancellationToken cancellationToken) =>
        RemoveAsync(EndedHolds, cutoff, limit, cancellationToken);

    /// <summary>Removes bookings cancelled before <paramref name="cutoff"/>; answers how many.</summary>
    public Task<int> RemoveCancelledBookingsAsync(
        DateTimeOffset cutoff, int limit, CancellationToken cancellationToken) =>
        RemoveAsync(CancelledBookings, cutoff, limit, cancellationToken);

    /// <summary>Removes keys made before <paramref name="cutoff"/>; answers how many.</summary>
    public Task<int> RemoveIdempotencyKeysAsync(
        DateTimeOffset cutoff, int limit, CancellationToken cancellationToken) =>
        RemoveAsync(IdempotencyKeys, cutoff, limit, cancellationToken);

    /// <summary>Removes facts older than <paramref name="cutoff"/>; answers how many.</summary>
    public Task<int> RemoveOutboxFactsAsync(DateTimeOffset cutoff, int limit, CancellationToken cancellationToken) =>
        RemoveAsync(OutboxFacts, cutoff, limit, cancellationToken);

    /// <summary>Sums up rows of days before <paramref name="day"/>, so that reports read fewer; answers how
    /// many.</summary>
    public Task<int> CloseDaysAsync(DateOnly day, int limit, CancellationToken cancellationToken) =>
        database.FirstAsync(
            batch => batch.Add(CloseDays).With(day).With(limit), row => row.GetInt32(0), cancellationToken);

    /// <summary>Adds up what was noted of the numbers of events, so that lists read fewer rows for their totals;
    /// answers how many notes.</summary>
    public Task<int> SumUpEventsAsync(int limit, CancellationToken cancellationToken) =>
        database.FirstAsync(
            batch => batch.Add(SumUpEvents).With(limit), row => row.GetInt32(0), cancellationToken);

    private Task<List<DueEvent>> FindAsync(
        string sql, DateTimeOffset now, DueEvent? last, int limit, CancellationToken cancellationToken) =>
        database.ListAsync(
            batch => batch.Add(sql)
                .With(now).With(last?.At ?? DateTimeOffset.UnixEpoch).With(last?.RowId ?? Guid.Empty).With(limit),
            row => new DueEvent(row.GetGuid(0), row.Instant(1), row.GetGuid(2)),
            cancellationToken);

    private Task<int> RemoveAsync(string sql, DateTimeOffset cutoff, int limit, CancellationToken cancellationToken) =>
        database.FirstAsync(
            batch => batch.Add(sql).With(cutoff).With(limit), row => row.GetInt32(0), cancellationToken);
}
