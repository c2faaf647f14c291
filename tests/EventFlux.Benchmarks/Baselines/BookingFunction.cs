using Npgsql;

namespace EventFlux.Benchmarks.Baselines;

/// <summary>The best that one call can do: a function counts on a condition and inserts, prepared, in one round trip
/// that is its own transaction.</summary>
internal static class BookingFunction
{
    public const string Create = """
        CREATE FUNCTION baseline.book(p_event_id uuid, p_id uuid, p_user_id uuid, p_reference text)
        RETURNS boolean LANGUAGE plpgsql AS $$
        BEGIN
          UPDATE baseline.events SET available = available - 1 WHERE id = p_event_id AND available >= 1;
          IF NOT FOUND THEN RETURN false; END IF;
          INSERT INTO baseline.bookings VALUES (p_id, p_event_id, p_user_id, p_reference, 1, 10, now());
          RETURN true;
        END $$;
        """;

    public static async ValueTask BookAsync(NpgsqlConnection connection, Guid eventId)
    {
        var id = Guid.NewGuid();
        await using var book = new NpgsqlCommand("SELECT baseline.book($1, $2, $3, $4)", connection);
        book.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = eventId });
        book.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        book.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.NewGuid() });
        book.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"EVT-{id:N}" });
        if (await book.ExecuteScalarAsync() is not true) throw new InvalidOperationException("Sold out.");
    }
}
