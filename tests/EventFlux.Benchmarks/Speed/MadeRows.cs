using Npgsql;

namespace EventFlux.Benchmarks.Speed;

/// <summary>Rows as commits would have left them, made in no time. Only of events that no silo has in memory.</summary>
internal static class MadeRows
{
    private const string Events = """
        WITH made AS (
          INSERT INTO events (id, name, venue, event_date, price, currency, category, capacity, status, details_version,
                              created_by, created_by_name, created_at, updated_at)
          SELECT gen_random_uuid(),
                 'Evening of ' || (ARRAY['jazz', 'opera', 'chess', 'dance', 'poetry', 'rock', 'folk', 'film', 'magic',
                                         'comedy'])[1 + n % 10] || CASE WHEN n <= 5 THEN ' with zither' ELSE '' END
                 || ' ' || n,
                 'Hall ' || n % 500, now() + interval '30 days' + n % 5000 * interval '1 hour', 10 + n % 90, 'USD',
                 'kind ' || n % 20, $3, 'active', 1, gen_random_uuid(), 'Creator', now(), now()
            FROM generate_series($1, $2) AS n
          RETURNING id, capacity)
        INSERT INTO event_inventory (event_id, version, capacity, available, booked, held, waiting)
        SELECT id, 1, capacity, capacity, 0, 0, 0 FROM made RETURNING event_id
        """;

    // Ids in the order of time, as the program makes them.
    private const string Bookings = """
        WITH sold AS (
          INSERT INTO bookings (id, event_id, user_id, reference, quantity, unit_price, currency, booked_at)
          SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - $2 + n), 12, '0') || '7'
                  || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
                 $1, gen_random_uuid(), 'EVT-' || right(gen_random_uuid()::text, 12) || n % 10, 1, 10, 'USD', now()
            FROM generate_series(1, $2) AS n
          RETURNING id, user_id),
        bought AS (INSERT INTO buyers (user_id, confirmed) SELECT user_id, 1 FROM sold),
        told AS (
          INSERT INTO outbox (event_id, kind, subject_id, user_id, quantity, occurred_at)
          SELECT $1, 'booking_confirmed', id, user_id, 1, now() FROM sold),
        counted AS (
          INSERT INTO booking_analytics (event_id, day, bookings, tickets, revenue, buyers)
          VALUES ($1, (now() AT TIME ZONE 'UTC')::date, $2, $2, 10 * $2, $2))
        UPDATE event_inventory SET version = version + 1, available = available - $2, booked = booked + $2
         WHERE event_id = $1
        """;

    /// <summary>Events for sale, numbered; five of all have a rare word in their name, a tenth each of the common
    /// ones.</summary>
    public static async Task<Guid[]> EventsAsync(NpgsqlDataSource database, int first, int last, int capacity = 1_000)
    {
        await using var insert = Command(database, Events, first, last, capacity);
        await using var reader = await insert.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync()) ids.Add(reader.GetGuid(0));
        return [.. ids];
    }

    /// <summary>Confirmed bookings of as many people, one ticket each.</summary>
    public static async Task BookingsAsync(NpgsqlDataSource database, Guid eventId, int bookings)
    {
        await using var insert = Command(database, Bookings, eventId, bookings);
        await insert.ExecuteNonQueryAsync();
    }

    private static NpgsqlCommand Command(NpgsqlDataSource database, string sql, params object[] values)
    {
        var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
