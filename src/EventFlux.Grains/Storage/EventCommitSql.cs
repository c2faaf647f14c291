namespace EventFlux.Grains.Storage;

/// <summary>The statements that a commit is made of. Rows travel as one array a column, so a statement's text is the
/// same for any number of rows and stays prepared.</summary>
internal static class EventCommitSql
{
    public const string CreateEvent = """
        INSERT INTO events (id, name, description, venue, address, event_date, price, currency, category, image_url,
                            capacity, status, details_version, created_by, created_by_name, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
        """;

    public const string CreateInventory = """
        INSERT INTO event_inventory (event_id, version, capacity, available, booked, held, waiting)
        VALUES ($1, 1, $2, $3, $4, $5, $6)
        """;

    /// <summary>For commits that share a transaction: they don't wait long for what others hold, since who is not
    /// concerned would wait along. Each by itself then waits for as long as it has to.</summary>
    public const string WaitBriefly = "SELECT set_config('lock_timeout', '100ms', true)";

    /// <summary>Of one event.</summary>
    public const string Fence = "SELECT fence_event($1, $2, $3, $4, $5, $6, $7, $8)";

    /// <summary>Of several: all of them move on, or the transaction fails. One update costs less than a call for
    /// each. The keys stand in it twice, here and where else rows are changed by their ids: with a join alone, a plan
    /// made while the table was empty or small would read all of it for as long as it is kept.</summary>
    public const string FenceOfSeveral = """
        WITH moved AS (
          UPDATE event_inventory AS i
             SET version = i.version + 1, capacity = f.capacity, available = f.available, booked = f.booked,
                 held = f.held, waiting = f.waiting, seated = f.seated
            FROM unnest($1::uuid[], $2::bigint[], $3::integer[], $4::integer[], $5::integer[], $6::integer[],
                        $7::integer[], $8::boolean[])
                 AS f (event_id, version, capacity, available, booked, held, waiting, seated)
           WHERE i.event_id = ANY ($1::uuid[]) AND i.event_id = f.event_id AND i.version = f.version
          RETURNING 1)
        SELECT refuse_commit() WHERE (SELECT count(*) FROM moved) <> cardinality($1::uuid[])
        """;

    public const string ChangeEvent = """
        UPDATE events
           SET name = $2, description = $3, venue = $4, address = $5, event_date = $6, price = $7, currency = $8,
               category = $9, image_url = $10, capacity = $11, status = $12, details_version = $13,
               updated_at = $14, deleted_at = $15
         WHERE id = $1
        """;

    public const string CancelBookings = """
        UPDATE bookings SET status = 'cancelled', cancelled_at = c.at
          FROM unnest($1::uuid[], $2::timestamptz[]) AS c (id, at)
         WHERE bookings.id = ANY ($1::uuid[]) AND bookings.id = c.id
        """;

    public const string InsertBookings = """
        INSERT INTO bookings (event_id, id, user_id, reference, quantity, unit_price, currency,
                              booked_at, cancelled_at, status)
        SELECT b.*, CASE WHEN b.cancelled_at IS NULL THEN 'confirmed' ELSE 'cancelled' END
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::integer[], $6::numeric[], $7::text[],
                      $8::timestamptz[], $9::timestamptz[])
               AS b (event_id, id, user_id, reference, quantity, unit_price, currency, booked_at, cancelled_at)
        """;

    /// <summary>The books of a cancelled event are made from the rows themselves: only they know whose each one was,
    /// and what it cost. The buyers' earlier changes in the same commit come along (<c>$4</c>, <c>$5</c>), so that the
    /// buyers are locked in one order.</summary>
    public const string CancelAllBookings = $"""
        WITH cancelled AS (
          UPDATE bookings SET status = 'cancelled', cancelled_at = $2 WHERE event_id = $1 AND status = 'confirmed'
          RETURNING user_id, coalesce(amount, quantity * unit_price) AS amount),
        changes AS (
          SELECT user_id, sum(change)::integer AS change
            FROM (SELECT user_id, -1 AS change FROM cancelled
                  UNION ALL SELECT * FROM unnest($4::uuid[], $5::integer[])) AS c
           GROUP BY user_id HAVING sum(change) <> 0),
        {BuyersSql.ApplyChanges}
        INSERT INTO booking_analytics AS day (event_id, day, cancellations, refunded, buyers, repeat_buyers)
        SELECT $1, $3, books.cancellations, books.refunded, crossings.buyers, crossings.repeat_buyers
          FROM (SELECT count(*) AS cancellations, coalesce(sum(amount), 0) AS refunded FROM cancelled) AS books,
               crossings
         WHERE books.cancellations > 0 OR crossings.buyers <> 0 OR crossings.repeat_buyers <> 0
        ON CONFLICT (event_id, day) DO UPDATE
           SET cancellations = day.cancellations + excluded.cancellations, refunded = day.refunded + excluded.refunded,
               buyers = day.buyers + excluded.buyers, repeat_buyers = day.repeat_buyers + excluded.repeat_buyers
        """;

    public const string ChangeEntries = """
        UPDATE waitlist_entries AS w
           SET status = c.status, notified_at = coalesce(c.notified_at, w.notified_at),
               expires_at = coalesce(c.expires_at, w.expires_at), ended_at = c.ended_at,
               seats = coalesce(c.seats, w.seats)
          FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::json[])
               AS c (id, status, notified_at, expires_at, ended_at, seats)
         WHERE w.id = ANY ($1::uuid[]) AND w.id = c.id
        """;

    /// <summary>Arrays of arrays would have to be of one length: the sections of each come as one text.</summary>
    public const string InsertEntries = """
        INSERT INTO waitlist_entries (event_id, id, user_id, sequence, quantity, joined_at,
                                      status, notified_at, expires_at, ended_at, seats, sections)
        SELECT e.event_id, e.id, e.user_id, e.sequence, e.quantity, e.joined_at, e.status, e.notified_at,
               e.expires_at, e.ended_at, e.seats, string_to_array(e.sections, ',')
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::integer[], $6::timestamptz[], $7::text[],
                      $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::json[], $12::text[])
               AS e (event_id, id, user_id, sequence, quantity, joined_at, status, notified_at, expires_at, ended_at,
                     seats, sections)
        """;

    public const string CloseEntries = """
        UPDATE waitlist_entries SET status = 'closed', ended_at = $2
         WHERE event_id = $1 AND status IN ('waiting', 'notified')
        """;

    /// <summary>In the order of the key, so that two events' commits with the same keys can't wait for each
    /// other.</summary>
    public const string InsertKeys = """
        INSERT INTO idempotency_keys (user_id, scope, key, request_hash, resource_id, created_at)
        SELECT k.* FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::uuid[], $6::timestamptz[])
               AS k (user_id, scope, key, request_hash, resource_id, created_at)
         ORDER BY user_id, scope, key
        ON CONFLICT DO NOTHING
        """;

    public const string AddToDays = $"""
        INSERT INTO booking_analytics AS day (event_id, day, bookings, tickets, revenue, cancellations, refunded,
                                              waitlist_joins, offers, conversions)
        SELECT * FROM {Days} AS d
        {AddToTheBooks}
        """;

    /// <summary>The same, and the buyers in the same statement, since it is rows of the same table that they change:
    /// only the sum over all of them counts, so the first takes it. After the keys: every commit locks what it may
    /// share with another event's in one order, first keys, then buyers.</summary>
    public const string AddToDaysAndBuyers = $"""
        WITH changes (user_id, change) AS (SELECT * FROM unnest($11::uuid[], $12::integer[])),
        {BuyersSql.ApplyChanges}
        INSERT INTO booking_analytics AS day (event_id, day, bookings, tickets, revenue, cancellations, refunded,
                                              waitlist_joins, offers, conversions, buyers, repeat_buyers)
        SELECT d.event_id, d.day, d.bookings, d.tickets, d.revenue, d.cancellations, d.refunded, d.waitlist_joins,
               d.offers, d.conversions, CASE place WHEN 1 THEN c.buyers ELSE 0 END,
               CASE place WHEN 1 THEN c.repeat_buyers ELSE 0 END
          FROM crossings AS c, {Days} WITH ORDINALITY
               AS d (event_id, day, bookings, tickets, revenue, cancellations, refunded, waitlist_joins, offers,
                     conversions, place)
        {AddToTheBooks}, buyers = day.buyers + excluded.buyers,
               repeat_buyers = day.repeat_buyers + excluded.repeat_buyers
        """;

    private const string Days = """
        unnest($1::uuid[], $2::date[], $3::integer[], $4::integer[], $5::numeric[], $6::integer[], $7::numeric[],
               $8::integer[], $9::integer[], $10::integer[])
        """;

    private const string AddToTheBooks = """
        ON CONFLICT (event_id, day) DO UPDATE
           SET bookings = day.bookings + excluded.bookings, tickets = day.tickets + excluded.tickets,
               revenue = day.revenue + excluded.revenue, cancellations = day.cancellations + excluded.cancellations,
               refunded = day.refunded + excluded.refunded, offers = day.offers + excluded.offers,
               waitlist_joins = day.waitlist_joins + excluded.waitlist_joins,
               conversions = day.conversions + excluded.conversions
        """;

    /// <summary>Back to the login, until the transaction ends: only a login may look at its other sessions and end
    /// them.</summary>
    public const string AsLogin = "SELECT set_config('role', 'none', true)";

    /// <summary>Ends the connections that the given one waits for and that wait for their own client, which has sent
    /// half a commit and then no more.</summary>
    public const string EndStalledCommits = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE pid = ANY (pg_blocking_pids($1)) AND wait_event = 'ClientRead'
        """;

    public const string InsertOutbox = """
        INSERT INTO outbox (event_id, kind, subject_id, user_id, quantity, occurred_at)
        SELECT f.event_id, f.kind, f.subject_id, f.user_id, f.quantity, f.occurred_at
          FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::integer[], $6::timestamptz[])
               WITH ORDINALITY AS f (event_id, kind, subject_id, user_id, quantity, occurred_at, place)
         ORDER BY f.place
        """;

    public const string InsertAudit = """
        INSERT INTO audit_log (occurred_at, actor_id, actor_role, action, subject_id, changes, trace_id)
        SELECT a.at, a.actor_id, a.actor_role, a.action, a.subject_id, a.changes, a.trace_id
          FROM unnest($1::timestamptz[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::jsonb[], $7::text[])
               WITH ORDINALITY AS a (at, actor_id, actor_role, action, subject_id, changes, trace_id, place)
         ORDER BY a.place
        """;
}
