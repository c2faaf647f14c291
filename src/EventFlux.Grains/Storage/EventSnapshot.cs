using EventFlux.Contracts.Events;
using EventFlux.Contracts.Seats;
using EventFlux.Grains.Events;
using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>Reads what deciding needs of an event: its row and counters, confirmed bookings (from an index alone),
/// open waitlist entries and holds, seats. What is over is not read, so an activation's cost follows what is sold
/// now.</summary>
internal static class EventSnapshot
{
    private const string Event = """
        SELECT e.name, e.description, e.venue, e.address, e.event_date, e.price, e.currency, e.category, e.image_url,
               e.status, e.details_version, e.deleted_at IS NOT NULL,
               i.version, i.capacity, i.available, i.booked, i.held, i.waiting,
               EXISTS (SELECT FROM booking_analytics a WHERE a.event_id = e.id AND a.bookings > 0)
          FROM events e JOIN event_inventory i ON i.event_id = e.id WHERE e.id = $1
        """;

    private const string Bookings =
        "SELECT user_id, id, quantity FROM bookings WHERE event_id = $1 AND status = 'confirmed'";

    private const string Waitlist = """
        SELECT id, user_id, quantity, sequence, expires_at, sections,
               CASE WHEN status = 'notified' THEN seats END
          FROM waitlist_entries WHERE event_id = $1 AND status IN ('waiting', 'notified')
        """;

    private const string Holds = """
        SELECT id, user_id, quantity, unit_price, amount, seats, held_at, expires_at, is_extended
          FROM holds WHERE event_id = $1 AND status = 'open'
        """;

    private const string Plan = "SELECT version, plan FROM seat_plans WHERE event_id = $1";

    private const string SoldSeats = "SELECT seat_id, booking_id FROM sold_seats WHERE event_id = $1";

    private const string BlockedSeats = "SELECT seat_id, reason FROM blocked_seats WHERE event_id = $1";

    private const string LastSequence = "SELECT max(sequence) FROM waitlist_entries WHERE event_id = $1";

    public static NpgsqlBatch Query(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid eventId)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        string[] statements = [Event, Bookings, Waitlist, LastSequence, Holds, Plan, SoldSeats, BlockedSeats];
        foreach (var sql in statements)
            batch.BatchCommands.Add(new(sql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = eventId } } });
        return batch;
    }

    public static async Task<StoredEvent?> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken)) return null;

        var stored = ReadEvent(reader);
        await reader.NextResultAsync(cancellationToken);
        var bookings = new List<StoredBooking>();
        while (await reader.ReadAsync(cancellationToken))
            bookings.Add(new(reader.GetGuid(0), reader.GetGuid(1), reader.GetInt32(2)));

        await reader.NextResultAsync(cancellationToken);
        var waitlist = new List<StoredWaitlistEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            waitlist.Add(new(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetInt32(2), reader.GetInt64(3), reader.InstantOrNull(4),
                reader.IsDBNull(5) ? default : [.. reader.GetFieldValue<string[]>(5)],
                SeatJson.ParseSeats(reader.TextOrNull(6))));
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var lastSequence = reader.IsDBNull(0) ? 0 : reader.GetInt64(0);
        var holds = await ReadHoldsAsync(reader, cancellationToken);
        var seats = await ReadSeatsAsync(reader, cancellationToken);
        return stored with
        {
            Bookings = bookings, Waitlist = waitlist, LastSequence = lastSequence, Holds = holds, Seats = seats,
        };
    }

    private static async Task<List<TicketHold>> ReadHoldsAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var holds = new List<TicketHold>();
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var tickets = new Tickets(
                reader.GetInt32(2), reader.IsDBNull(3) ? null : reader.GetDecimal(3), reader.GetDecimal(4),
                SeatJson.ParseSeats(reader.TextOrNull(5)));
            holds.Add(new(reader.GetGuid(0), reader.GetGuid(1), tickets, reader.Instant(6), reader.Instant(7))
            {
                IsExtended = reader.GetBoolean(8),
            });
        }

        return holds;
    }

    private static async Task<StoredSeats?> ReadSeatsAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        (long Version, SeatPlan Plan)? plan = await reader.ReadAsync(cancellationToken)
            ? (reader.GetInt64(0), SeatJson.ParsePlan(reader.GetString(1)))
            : null;
        var sold = new List<(string SeatId, Guid BookingId)>();
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) sold.Add((reader.GetString(0), reader.GetGuid(1)));
        var blocked = new Dictionary<string, string>(StringComparer.Ordinal);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) blocked.Add(reader.GetString(0), reader.GetString(1));
        return plan is null ? null : new(plan.Value.Plan, plan.Value.Version, sold, blocked);
    }

    private static StoredEvent ReadEvent(NpgsqlDataReader row)
    {
        var details = new EventDetails(
            row.GetString(0), row.TextOrNull(1), row.GetString(2), row.TextOrNull(3), row.Instant(4),
            row.GetDecimal(5), row.GetString(6), row.TextOrNull(7), row.TextOrNull(8));
        var counts = new EventCounts(row.GetInt32(14), row.GetInt32(15), row.GetInt32(16), row.GetInt32(17));
        return new(
            details, StatusText.ParseEvent(row.GetString(9))!.Value, row.GetInt32(13), row.GetInt64(10),
            row.GetBoolean(11), row.GetInt64(12), counts, row.GetBoolean(18), [], [], 0);
    }
}
