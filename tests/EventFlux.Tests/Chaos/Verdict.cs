using EventFlux.Grains.Storage;
using Npgsql;
using NpgsqlTypes;

namespace EventFlux.Tests.Chaos;

/// <summary>What the database says about the promises of a run. Zero everywhere is a cluster that kept its
/// word.</summary>
/// <param name="Lost">Acknowledged bookings, cancellations or places that are not there as acknowledged.</param>
/// <param name="Doubled">Users with two bookings of what they booked once.</param>
/// <param name="Oversold">Events that sold more than they have.</param>
/// <param name="Drifted">Counters and other sums that are not what the rows say.</param>
/// <param name="Unserved">Events with free tickets that somebody in the queue waits for, or with offers long over.
/// </param>
internal sealed record Verdict(long Lost, long Doubled, long Oversold, long Drifted, long Unserved)
{
    private const string MakeLedger = """
        CREATE TEMP TABLE sales (id uuid, user_id uuid, event_id uuid, quantity integer, cancellation integer);
        CREATE TEMP TABLE places (id uuid, user_id uuid, event_id uuid, quantity integer, departure integer);
        """;

    private const string LostSales = """
        SELECT count(*) FROM sales s LEFT JOIN bookings b
            ON b.id = s.id AND b.user_id = s.user_id AND b.event_id = s.event_id AND b.quantity = s.quantity
         WHERE b.id IS NULL OR (s.cancellation = 0 AND b.status <> 'confirmed')
            OR (s.cancellation = 2 AND b.status <> 'cancelled')
        """;

    /// <summary>A place is left only by who asked to leave, and is converted only by a booking.</summary>
    private const string LostPlaces = """
        SELECT count(*) FROM places p LEFT JOIN waitlist_entries w
            ON w.id = p.id AND w.user_id = p.user_id AND w.event_id = p.event_id AND w.quantity = p.quantity
         WHERE w.id IS NULL OR w.status = 'closed'
            OR (p.departure = 0 AND w.status = 'left') OR (p.departure = 2 AND w.status IN ('waiting', 'notified'))
            OR (w.status = 'converted' AND NOT EXISTS (
                  SELECT FROM bookings WHERE event_id = p.event_id AND user_id = p.user_id))
        """;

    /// <summary>In a run everybody books and queues once: two rows are one too many, cancelled or not.</summary>
    private const string DoubledUsers = """
        SELECT count(*) FROM (
          SELECT FROM bookings GROUP BY event_id, user_id HAVING count(*) > 1
          UNION ALL
          SELECT FROM waitlist_entries GROUP BY event_id, user_id HAVING count(*) > 1) AS doubled
        """;

    private const string OversoldEvents = """
        SELECT count(*) FROM events e
         WHERE capacity < (SELECT coalesce(sum(quantity), 0) FROM bookings
                            WHERE event_id = e.id AND status = 'confirmed')
        """;

    private const string UnservedEvents = """
        SELECT count(*) FROM event_inventory i
         WHERE EXISTS (SELECT FROM waitlist_entries
                        WHERE event_id = i.event_id
                          AND (status = 'waiting' AND quantity <= i.available
                               OR status = 'notified' AND expires_at < now() - interval '5 seconds'))
        """;

    /// <summary>Whether there is nothing to complain about.</summary>
    public bool IsClean => this == new Verdict(0, 0, 0, 0, 0);

    /// <summary>Compares the ledger with the database. Nothing may be under way any more.</summary>
    public static async Task<Verdict> OfAsync(NpgsqlDataSource database, Ledger ledger)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using (var make = new NpgsqlCommand(MakeLedger, connection)) await make.ExecuteNonQueryAsync();
        await CopyAsync(
            connection, "sales (id, user_id, event_id, quantity, cancellation)", ledger.Sales,
            sale => [sale.BookingId, sale.UserId, sale.EventId, sale.Quantity, (int)sale.Cancellation]);
        await CopyAsync(
            connection, "places (id, user_id, event_id, quantity, departure)", ledger.Places,
            place => [place.EntryId, place.UserId, place.EventId, place.Quantity, (int)place.Departure]);
        return new(
            await CountAsync(LostSales) + await CountAsync(LostPlaces), await CountAsync(DoubledUsers),
            await CountAsync(OversoldEvents),
            await new Verification(database).RunAsync(_ => { }, _ => { }, CancellationToken.None),
            await CountAsync(UnservedEvents));

        async Task<long> CountAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    private static async Task CopyAsync<T>(
        NpgsqlConnection connection, string target, IEnumerable<T> rows, Func<T, object[]> columns)
    {
        await using var writer = await connection.BeginBinaryImportAsync($"COPY {target} FROM STDIN (FORMAT binary)");
        foreach (var row in rows)
        {
            await writer.StartRowAsync();
            foreach (var value in columns(row))
                await writer.WriteAsync(value, value is Guid ? NpgsqlDbType.Uuid : NpgsqlDbType.Integer);
        }

        await writer.CompleteAsync();
    }
}
