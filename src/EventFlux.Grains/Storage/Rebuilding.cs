using EventFlux.Contracts.Faults;
using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>
/// Sets right what <see cref="Verification"/> finds, also while silos sell, and without making them wait for longer
/// than the writing takes. Commits only ever add to the sums, and rows and sums change in the same transaction: so by
/// how much a sum is wrong stays the same whatever is sold meanwhile, and that much is added to it.
/// </summary>
/// <remarks>The counters of an event are the exception: they are the fence, and its activation writes them whole. They
/// are set under the row's lock, and the version moves on with them, so an activation that has other numbers in memory
/// is fenced at its next commit, and the one after it loads the rows.</remarks>
public sealed class Rebuilding(NpgsqlDataSource source)
{
    /// <summary>One at a time: two would add the same twice. Any constant does.</summary>
    private const long LockKey = 0x4576656E74537573;

    private const int EventsAtOnce = 500;

    /// <summary>Those whose rows fit into the capacity; others no number can set right.</summary>
    private const string EventsToMend = $"""
        WITH {KeptSums.Inventory}
        SELECT event_id FROM event_inventory k JOIN inventory r USING (event_id)
         WHERE (k.booked, k.held, k.waiting) IS DISTINCT FROM (r.booked, r.held, r.waiting) AND r.available >= 0
           AND event_id > $1
         ORDER BY event_id LIMIT $2
        """;

    private const string LockEvent = "SELECT FROM event_inventory WHERE event_id = $1 FOR UPDATE";

    /// <summary>A statement of its own after the lock: it sees what was committed before the lock was got.</summary>
    private const string MendEvent = """
        UPDATE event_inventory AS i
           SET version = i.version + 1, available = i.capacity - r.booked - r.held, booked = r.booked, held = r.held,
               waiting = r.waiting
          FROM (SELECT (SELECT coalesce(sum(quantity), 0) FROM bookings
                         WHERE event_id = $1 AND status = 'confirmed') AS booked,
                       (SELECT coalesce(sum(quantity), 0) FROM waitlist_entries
                         WHERE event_id = $1 AND status = 'notified') AS held,
                       (SELECT count(*) FROM waitlist_entries
                         WHERE event_id = $1 AND status = 'waiting') AS waiting) AS r
         WHERE i.event_id = $1 AND (i.booked, i.held, i.waiting) IS DISTINCT FROM (r.booked, r.held, r.waiting)
           AND r.booked + r.held <= i.capacity
        """;

    /// <summary>So that every event and day has a row to be added to.</summary>
    private const string AddMissingBooks = $"""
        WITH {KeptSums.Books}
        INSERT INTO booking_analytics (event_id, day) SELECT event_id, day FROM books ORDER BY 1, 2
        ON CONFLICT DO NOTHING
        """;

    private const string MendBooks = $"""
        WITH {KeptSums.Books}, {KeptSums.BookDifferences}
        UPDATE booking_analytics AS k
           SET bookings = k.bookings + d.bookings, tickets = k.tickets + d.tickets, revenue = k.revenue + d.revenue,
               cancellations = k.cancellations + d.cancellations, refunded = k.refunded + d.refunded,
               waitlist_joins = k.waitlist_joins + d.waitlist_joins, offers = k.offers + d.offers,
               conversions = k.conversions + d.conversions
          FROM differences d WHERE (k.event_id, k.day) = (d.event_id, d.day)
        """;

    /// <summary>What is added to sums over all rows has to stand in one of them.</summary>
    private const string NewestBook =
        "(k.event_id, k.day) = (SELECT event_id, day FROM booking_analytics ORDER BY day DESC, event_id LIMIT 1)";

    private const string MendBuyers = $"""
        WITH {KeptSums.BuyerChanges}, {BuyersSql.ApplyChanges}
        UPDATE booking_analytics AS k
           SET buyers = k.buyers + c.buyers, repeat_buyers = k.repeat_buyers + c.repeat_buyers
          FROM crossings c WHERE (c.buyers, c.repeat_buyers) <> (0, 0) AND {NewestBook}
        """;

    /// <summary>After the buyers themselves, so it is them that are counted.</summary>
    private const string MendBuyerSums = $"""
        WITH difference AS MATERIALIZED (
          SELECT b.buyers - a.buyers AS buyers, b.repeat_buyers - a.repeat_buyers AS repeat_buyers
            FROM (SELECT count(*) FILTER (WHERE confirmed >= 1) AS buyers,
                         count(*) FILTER (WHERE confirmed >= 2) AS repeat_buyers FROM buyers) AS b,
                 (SELECT coalesce(sum(buyers), 0) AS buyers, coalesce(sum(repeat_buyers), 0) AS repeat_buyers
                    FROM booking_analytics) AS a)
        UPDATE booking_analytics AS k
           SET buyers = k.buyers + d.buyers, repeat_buyers = k.repeat_buyers + d.repeat_buyers
          FROM difference d WHERE (d.buyers, d.repeat_buyers) <> (0, 0) AND {NewestBook}
        """;

    private const string MendSignups = $"""
        WITH {KeptSums.SignupDifferences}
        INSERT INTO user_signups AS s (day, users) SELECT day, recomputed - kept FROM signups ORDER BY day
        ON CONFLICT (day) DO UPDATE SET users = s.users + excluded.users
        """;

    /// <summary>Mends everything that has a right value; verify again to see what is left.</summary>
    /// <param name="mending">Called with a table's name before it is mended; it may take minutes.</param>
    /// <exception cref="ServiceUnavailableException">The database can't be reached.</exception>
    public async Task RunAsync(Action<string> mending, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            // Also gone with the session.
            await ExecuteAsync(connection, cancellationToken, $"SELECT pg_advisory_lock({LockKey})");
            mending("event_inventory");
            await MendEventsAsync(connection, cancellationToken);
            mending("booking_analytics");
            await ExecuteAsync(connection, cancellationToken, AddMissingBooks);
            await ExecuteAsync(connection, cancellationToken, MendBooks);
            mending("analytics_by_day");
            await ExecuteAsync(connection, cancellationToken, "SELECT mend_days()");
            mending("buyers");
            await ExecuteAsync(connection, cancellationToken, MendBuyers);
            await ExecuteAsync(connection, cancellationToken, MendBuyerSums);
            mending("user_signups");
            await ExecuteAsync(connection, cancellationToken, MendSignups);
            mending("event_totals_now");
            await ExecuteAsync(connection, cancellationToken, "SELECT mend_event_totals()");
            await ExecuteAsync(connection, cancellationToken, $"SELECT pg_advisory_unlock({LockKey})");
        }
        catch (NpgsqlException exception) when (Database.IsUnavailable(exception))
        {
            throw new ServiceUnavailableException("The database can't be reached now.", exception);
        }
    }

    private static async Task MendEventsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        for (var last = Guid.Empty; ;)
        {
            var events = await EventsToMendAsync(connection, last, cancellationToken);
            foreach (var id in events)
            {
                // One round trip, so it is never idle while it holds the event's lock: see EventStore.
                await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
                batch.Add(LockEvent).With(id);
                batch.Add(MendEvent).With(id);
                await batch.ExecuteNonQueryAsync(cancellationToken);
            }

            if (events.Count < EventsAtOnce) return;
            last = events[^1];
        }
    }

    private static async Task<List<Guid>> EventsToMendAsync(
        NpgsqlConnection connection, Guid last, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        batch.Add(EventsToMend).With(last).With(EventsAtOnce);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var events = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) events.Add(reader.GetGuid(0));
        return events;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
