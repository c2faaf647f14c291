namespace EventFlux.Grains.Storage;

/// <summary>The statements of a commit that are about seats and holds.</summary>
internal static class SeatCommitSql
{
    /// <summary>With seats, and with a sum where they differ in price.</summary>
    public const string InsertBookings = """
        INSERT INTO bookings (event_id, id, user_id, reference, quantity, unit_price, currency,
                              booked_at, cancelled_at, amount, seats, status)
        SELECT b.*, CASE WHEN b.cancelled_at IS NULL THEN 'confirmed' ELSE 'cancelled' END
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::integer[], $6::numeric[], $7::text[],
                      $8::timestamptz[], $9::timestamptz[], $10::numeric[], $11::json[])
               AS b (event_id, id, user_id, reference, quantity, unit_price, currency, booked_at, cancelled_at, amount,
                     seats)
        """;

    public const string GiveUpSeats = """
        DELETE FROM sold_seats AS s USING unnest($1::uuid[], $2::text[]) AS g (event_id, seat_id)
         WHERE (s.event_id, s.seat_id) = (g.event_id, g.seat_id)
        """;

    public const string GiveUpAllSeats = "DELETE FROM sold_seats WHERE event_id = $1";

    public const string SellSeats = """
        INSERT INTO sold_seats (event_id, seat_id, booking_id)
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS s
        """;

    public const string ChangeHolds = """
        UPDATE holds AS h
           SET status = c.status, expires_at = coalesce(c.expires_at, h.expires_at),
               is_extended = h.is_extended OR c.is_extended, ended_at = c.ended_at
          FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::boolean[], $5::timestamptz[])
               AS c (id, status, expires_at, is_extended, ended_at)
         WHERE h.id = ANY ($1::uuid[]) AND h.id = c.id
        """;

    public const string InsertHolds = """
        INSERT INTO holds (event_id, id, user_id, quantity, unit_price, amount, currency, seats, held_at,
                           status, expires_at, is_extended, ended_at)
        SELECT *
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::numeric[], $6::numeric[], $7::text[],
                      $8::json[], $9::timestamptz[], $10::text[], $11::timestamptz[], $12::boolean[],
                      $13::timestamptz[]) AS h
        """;

    public const string SetPlan = """
        WITH plan AS (
          INSERT INTO seat_plans (event_id, version, plan) VALUES ($1, $2, $3::json)
          ON CONFLICT (event_id) DO UPDATE SET version = excluded.version, plan = excluded.plan)
        UPDATE events SET seated = true WHERE id = $1 AND NOT seated
        """;

    public const string BlockSeats = """
        INSERT INTO blocked_seats (event_id, seat_id, reason, blocked_at)
        SELECT $1, s.* FROM unnest($2::text[], $3::text[], $4::timestamptz[]) AS s
        ON CONFLICT (event_id, seat_id) DO UPDATE SET reason = excluded.reason, blocked_at = excluded.blocked_at
        """;

    public const string UnblockSeats = "DELETE FROM blocked_seats WHERE event_id = $1 AND seat_id = ANY ($2)";
}
