using EventFlux.Grains.Events;
using Npgsql;
using NpgsqlTypes;

namespace EventFlux.Grains.Storage;

/// <summary>
/// The statements of a commit, as one batch: one round trip and, since nothing between them ends it, one transaction. The
/// fence comes first; when it fails, PostgreSQL skips the rest. Statements that would write nothing are left out.
/// </summary>
/// <remarks>
/// Rows travel as one array a column, so a statement's text is the same for any number of rows and stays prepared.
/// </remarks>
internal static class EventCommitCommands
{
    private const string CreateEvent = """
        INSERT INTO events (id, name, description, venue, address, event_date, price, currency, category, image_url,
                            capacity, status, details_version, created_by, created_by_name, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
        """;

    private const string CreateInventory = """
        INSERT INTO event_inventory (event_id, version, capacity, available, booked, held, waiting)
        VALUES ($1, 1, $2, $3, $4, $5, $6)
        """;

    private const string Fence = "SELECT fence_event($1, $2, $3, $4, $5, $6, $7)";

    private const string ChangeEvent = """
        UPDATE events
           SET name = $2, description = $3, venue = $4, address = $5, event_date = $6, price = $7, currency = $8,
               category = $9, image_url = $10, capacity = $11, status = $12, details_version = $13,
               updated_at = $14, deleted_at = $15
         WHERE id = $1
        """;

    private const string CancelBookings = """
        UPDATE bookings SET status = 'cancelled', cancelled_at = c.at
          FROM unnest($1::uuid[], $2::timestamptz[]) AS c (id, at) WHERE bookings.id = c.id
        """;

    private const string InsertBookings = """
        INSERT INTO bookings (event_id, id, user_id, reference, quantity, unit_price, currency,
                              booked_at, cancelled_at, status)
        SELECT $1, b.*, CASE WHEN b.cancelled_at IS NULL THEN 'confirmed' ELSE 'cancelled' END
          FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::integer[], $6::numeric[], $7::text[],
                      $8::timestamptz[], $9::timestamptz[])
               AS b (id, user_id, reference, quantity, unit_price, currency, booked_at, cancelled_at)
        """;

    /// <summary>The books of a cancelled event are made from the rows themselves: only they know what each one cost.</summary>
    private const string CancelAllBookings = """
        WITH cancelled AS (
          UPDATE bookings SET status = 'cancelled', cancelled_at = $2 WHERE event_id = $1 AND status = 'confirmed'
          RETURNING quantity * unit_price AS amount)
        INSERT INTO booking_analytics AS day (event_id, day, cancellations, refunded)
        SELECT $1, $3, count(*), sum(amount) FROM cancelled HAVING count(*) > 0
        ON CONFLICT (event_id, day) DO UPDATE
           SET cancellations = day.cancellations + excluded.cancellations, refunded = day.refunded + excluded.refunded
        """;

    private const string ChangeEntries = """
        UPDATE waitlist_entries AS w
           SET status = c.status, notified_at = coalesce(c.notified_at, w.notified_at),
               expires_at = coalesce(c.expires_at, w.expires_at), ended_at = c.ended_at
          FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
               AS c (id, status, notified_at, expires_at, ended_at)
         WHERE w.id = c.id
        """;

    private const string InsertEntries = """
        INSERT INTO waitlist_entries (event_id, id, user_id, sequence, quantity, joined_at,
                                      status, notified_at, expires_at, ended_at)
        SELECT $1, e.* FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::integer[], $6::timestamptz[],
                                   $7::text[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[]) AS e
        """;

    private const string CloseEntries = """
        UPDATE waitlist_entries SET status = 'closed', ended_at = $2
         WHERE event_id = $1 AND status IN ('waiting', 'notified')
        """;

    /// <summary>In the order of the key, so that two events' commits with the same keys can't wait for each other.</summary>
    private const string InsertKeys = """
        INSERT INTO idempotency_keys (user_id, scope, key, request_hash, resource_id, created_at)
        SELECT k.* FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::uuid[], $6::timestamptz[])
               AS k (user_id, scope, key, request_hash, resource_id, created_at)
         ORDER BY user_id, scope, key
        ON CONFLICT DO NOTHING
        """;

    private const string AddToDay = """
        INSERT INTO booking_analytics AS day (event_id, day, bookings, tickets, revenue, cancellations, refunded,
                                              waitlist_joins, offers, conversions)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (event_id, day) DO UPDATE
           SET bookings = day.bookings + excluded.bookings, tickets = day.tickets + excluded.tickets,
               revenue = day.revenue + excluded.revenue, cancellations = day.cancellations + excluded.cancellations,
               refunded = day.refunded + excluded.refunded, offers = day.offers + excluded.offers,
               waitlist_joins = day.waitlist_joins + excluded.waitlist_joins,
               conversions = day.conversions + excluded.conversions
        """;

    private const string InsertOutbox = """
        INSERT INTO outbox (event_id, kind, subject_id, user_id, quantity, occurred_at)
        SELECT $1, f.kind, coalesce(f.subject_id, $1), f.user_id, f.quantity, f.occurred_at
          FROM unnest($2::text[], $3::uuid[], $4::uuid[], $5::integer[], $6::timestamptz[]) WITH ORDINALITY
               AS f (kind, subject_id, user_id, quantity, occurred_at, place)
         ORDER BY f.place
        """;

    /// <summary>The order matters: what gives up a place (a cancelled booking, an ended entry) comes before what may take
    /// it again, and what ends everything comes last.</summary>
    public static NpgsqlBatch Create(NpgsqlConnection connection, EventCommit commit)
    {
        var rows = new EventCommitRows(commit.Facts);
        var batch = new NpgsqlBatch(connection);
        if (rows.Created is { } created) AddCreation(batch, commit, created);
        else AddFence(batch, commit);
        if (rows.ChangedAt is { } changedAt) AddChange(batch, commit, changedAt, rows.DeletedAt);
        AddBookings(batch, commit.EventId, rows);
        AddEntries(batch, commit.EventId, rows);
        AddKeys(batch, rows.Keys);
        foreach (var day in rows.Days) AddDay(batch, commit.EventId, day);
        AddOutbox(batch, commit.EventId, rows.Outbox);
        return batch;
    }

    private static void AddCreation(NpgsqlBatch batch, EventCommit commit, EventCreated created)
    {
        var (details, counts) = (commit.State.Details, commit.State.Counts);
        batch.Add(CreateEvent)
            .With(commit.EventId).With(details.Name).With(details.Description).With(details.Venue)
            .With(details.Address).With(details.EventDate).With(details.Price).With(details.Currency)
            .With(details.Category).With(details.ImageUrl).With(commit.State.Capacity)
            .With(commit.State.Status.ToText()).With(commit.State.DetailsVersion).With(created.CreatedBy)
            .With(created.CreatedByName).With(created.At);
        batch.Add(CreateInventory)
            .With(commit.EventId).With(commit.State.Capacity).With(counts.Available).With(counts.Booked)
            .With(counts.Held).With(counts.Waiting);
    }

    private static void AddFence(NpgsqlBatch batch, EventCommit commit)
    {
        var counts = commit.State.Counts;
        batch.Add(Fence)
            .With(commit.EventId).With(commit.Version).With(commit.State.Capacity).With(counts.Available)
            .With(counts.Booked).With(counts.Held).With(counts.Waiting);
    }

    private static void AddChange(
        NpgsqlBatch batch, EventCommit commit, DateTimeOffset changedAt, DateTimeOffset? deletedAt)
    {
        var details = commit.State.Details;
        batch.Add(ChangeEvent)
            .With(commit.EventId).With(details.Name).With(details.Description).With(details.Venue)
            .With(details.Address).With(details.EventDate).With(details.Price).With(details.Currency)
            .With(details.Category).With(details.ImageUrl).With(commit.State.Capacity)
            .With(commit.State.Status.ToText()).With(commit.State.DetailsVersion).With(changedAt).With(deletedAt);
    }

    private static void AddBookings(NpgsqlBatch batch, Guid eventId, EventCommitRows rows)
    {
        if (rows.CancelledBookings is { Count: > 0 } cancelled)
        {
            batch.Add(CancelBookings)
                .With(NpgsqlDbType.Uuid, cancelled, row => row.BookingId)
                .With(NpgsqlDbType.TimestampTz, cancelled, row => row.At);
        }

        if (rows.NewBookings is { Count: > 0 } added)
        {
            batch.Add(InsertBookings)
                .With(eventId)
                .With(NpgsqlDbType.Uuid, added, row => row.Fact.BookingId)
                .With(NpgsqlDbType.Uuid, added, row => row.Fact.UserId)
                .With(NpgsqlDbType.Text, added, row => row.Fact.Reference)
                .With(NpgsqlDbType.Integer, added, row => row.Fact.Quantity)
                .With(NpgsqlDbType.Numeric, added, row => row.Fact.UnitPrice)
                .With(NpgsqlDbType.Text, added, row => row.Fact.Currency)
                .With(NpgsqlDbType.TimestampTz, added, row => row.Fact.At)
                .With(NpgsqlDbType.TimestampTz, added, row => row.CancelledAt);
        }

        if (rows.CancelledAt is { } at)
            batch.Add(CancelAllBookings).With(eventId).With(at).With(DateOnly.FromDateTime(at.UtcDateTime));
    }

    private static void AddEntries(NpgsqlBatch batch, Guid eventId, EventCommitRows rows)
    {
        if (rows.ChangedEntries is { Count: > 0 } changed)
        {
            batch.Add(ChangeEntries)
                .With(NpgsqlDbType.Uuid, changed, row => row.Id)
                .With(NpgsqlDbType.Text, changed, row => row.Status.ToText())
                .With(NpgsqlDbType.TimestampTz, changed, row => row.NotifiedAt)
                .With(NpgsqlDbType.TimestampTz, changed, row => row.ExpiresAt)
                .With(NpgsqlDbType.TimestampTz, changed, row => row.EndedAt);
        }

        if (rows.NewEntries is { Count: > 0 } added)
        {
            batch.Add(InsertEntries)
                .With(eventId)
                .With(NpgsqlDbType.Uuid, added, row => row.Id)
                .With(NpgsqlDbType.Uuid, added, row => row.Joined!.UserId)
                .With(NpgsqlDbType.Bigint, added, row => row.Joined!.Sequence)
                .With(NpgsqlDbType.Integer, added, row => row.Joined!.Quantity)
                .With(NpgsqlDbType.TimestampTz, added, row => row.Joined!.At)
                .With(NpgsqlDbType.Text, added, row => row.Status.ToText())
                .With(NpgsqlDbType.TimestampTz, added, row => row.NotifiedAt)
                .With(NpgsqlDbType.TimestampTz, added, row => row.ExpiresAt)
                .With(NpgsqlDbType.TimestampTz, added, row => row.EndedAt);
        }

        if (rows.WaitlistClosedAt is { } at) batch.Add(CloseEntries).With(eventId).With(at);
    }

    private static void AddKeys(NpgsqlBatch batch, List<KeyRow> keys)
    {
        if (keys.Count == 0) return;
        batch.Add(InsertKeys)
            .With(NpgsqlDbType.Uuid, keys, row => row.UserId)
            .With(NpgsqlDbType.Text, keys, row => row.Scope)
            .With(NpgsqlDbType.Text, keys, row => row.Claim.Key)
            .With(NpgsqlDbType.Bytea, keys, row => row.Claim.RequestHash.ToArray())
            .With(NpgsqlDbType.Uuid, keys, row => row.ResourceId)
            .With(NpgsqlDbType.TimestampTz, keys, row => row.CreatedAt);
    }

    private static void AddDay(NpgsqlBatch batch, Guid eventId, DayRow day) =>
        batch.Add(AddToDay)
            .With(eventId).With(day.Day).With(day.Bookings).With(day.Tickets).With(day.Revenue)
            .With(day.Cancellations).With(day.Refunded).With(day.WaitlistJoins).With(day.Offers).With(day.Conversions);

    private static void AddOutbox(NpgsqlBatch batch, Guid eventId, List<OutboxRow> outbox)
    {
        if (outbox.Count == 0) return;
        batch.Add(InsertOutbox)
            .With(eventId)
            .With(NpgsqlDbType.Text, outbox, row => row.Kind)
            .With(NpgsqlDbType.Uuid, outbox, row => row.SubjectId)
            .With(NpgsqlDbType.Uuid, outbox, row => row.UserId)
            .With(NpgsqlDbType.Integer, outbox, row => row.Quantity)
            .With(NpgsqlDbType.TimestampTz, outbox, row => row.OccurredAt);
    }
}
