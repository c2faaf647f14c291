namespace EventFlux.Grains.Storage;

/// <summary>
/// Everything that is kept as a sum, beside the same from the rows: a query a table, each with the rows
/// <c>(place, what, kept, recomputed)</c>, in which the two differ. A sum that isn't there counts as 0.
/// </summary>
internal static class KeptSums
{
    /// <summary>Terms of a WITH: what the rows of an event, and what retention took from them, come to.</summary>
    public const string Books = """
        facts AS (
          SELECT event_id, booked_at AS at, 1 AS bookings, quantity AS tickets,
                 coalesce(amount, quantity * unit_price) AS revenue,
                 0 AS cancellations, 0::numeric AS refunded, 0 AS waitlist_joins, 0 AS offers, 0 AS conversions
            FROM bookings
          UNION ALL
          SELECT event_id, cancelled_at, 0, 0, 0, 1, coalesce(amount, quantity * unit_price), 0, 0, 0
            FROM bookings WHERE status = 'cancelled'
          UNION ALL
          SELECT event_id, joined_at, 0, 0, 0, 0, 0, 1, 0, 0 FROM waitlist_entries
          UNION ALL
          SELECT event_id, notified_at, 0, 0, 0, 0, 0, 0, 1, 0 FROM waitlist_entries WHERE notified_at IS NOT NULL
          UNION ALL
          SELECT event_id, ended_at, 0, 0, 0, 0, 0, 0, 0, 1 FROM waitlist_entries WHERE status = 'converted'
          UNION ALL
          SELECT event_id, day::timestamp AT TIME ZONE 'UTC', bookings, tickets, revenue, cancellations, refunded,
                 0, 0, 0
            FROM removed_analytics),
        books AS (
          SELECT event_id, (at AT TIME ZONE 'UTC')::date AS day, sum(bookings) AS bookings, sum(tickets) AS tickets,
                 sum(revenue) AS revenue, sum(cancellations) AS cancellations, sum(refunded) AS refunded,
                 sum(waitlist_joins) AS waitlist_joins, sum(offers) AS offers, sum(conversions) AS conversions
            FROM facts GROUP BY 1, 2)
        """;

    /// <summary>A term of a WITH: by how much the books have to change.</summary>
    public const string BookDifferences = """
        differences AS MATERIALIZED (
          SELECT event_id, day, coalesce(r.bookings, 0) - coalesce(k.bookings, 0) AS bookings,
                 coalesce(r.tickets, 0) - coalesce(k.tickets, 0) AS tickets,
                 coalesce(r.revenue, 0) - coalesce(k.revenue, 0) AS revenue,
                 coalesce(r.cancellations, 0) - coalesce(k.cancellations, 0) AS cancellations,
                 coalesce(r.refunded, 0) - coalesce(k.refunded, 0) AS refunded,
                 coalesce(r.waitlist_joins, 0) - coalesce(k.waitlist_joins, 0) AS waitlist_joins,
                 coalesce(r.offers, 0) - coalesce(k.offers, 0) AS offers,
                 coalesce(r.conversions, 0) - coalesce(k.conversions, 0) AS conversions
            FROM booking_analytics k FULL JOIN books r USING (event_id, day)
           WHERE (k.bookings, k.tickets, k.revenue, k.cancellations, k.refunded, k.waitlist_joins, k.offers,
                  k.conversions)
                 IS DISTINCT FROM (r.bookings, r.tickets, r.revenue, r.cancellations, r.refunded, r.waitlist_joins,
                                   r.offers, r.conversions))
        """;

    /// <summary>A term of a WITH: the tickets and the queue of each event.</summary>
    public const string Inventory = """
        inventory AS (
          SELECT event_id,
                 i.capacity - coalesce(b.booked, 0) - coalesce(w.held, 0) - coalesce(h.held, 0) AS available,
                 coalesce(b.booked, 0) AS booked, coalesce(w.held, 0) + coalesce(h.held, 0) AS held,
                 coalesce(w.waiting, 0) AS waiting
            FROM event_inventory i
            FULL JOIN (SELECT event_id, sum(quantity) AS booked
                         FROM bookings WHERE status = 'confirmed' GROUP BY 1) AS b USING (event_id)
            FULL JOIN (SELECT event_id, sum(quantity) FILTER (WHERE status = 'notified') AS held,
                              count(*) FILTER (WHERE status = 'waiting') AS waiting
                         FROM waitlist_entries WHERE status IN ('waiting', 'notified') GROUP BY 1) AS w
              USING (event_id)
            FULL JOIN (SELECT event_id, sum(quantity) AS held FROM holds WHERE status = 'open' GROUP BY 1) AS h
              USING (event_id))
        """;

    /// <summary>A term of a WITH: by how much the buyers have to change, as <see cref="BuyersSql.ApplyChanges"/> takes
    /// it.</summary>
    public const string BuyerChanges = """
        changes AS MATERIALIZED (
          SELECT user_id, coalesce(r.confirmed, 0) - coalesce(k.confirmed, 0) AS change,
                 coalesce(k.confirmed, 0) AS kept, coalesce(r.confirmed, 0) AS recomputed
            FROM buyers k
            FULL JOIN (SELECT user_id, count(*)::integer AS confirmed
                         FROM bookings WHERE status = 'confirmed' GROUP BY 1) AS r USING (user_id)
           WHERE coalesce(k.confirmed, 0) <> coalesce(r.confirmed, 0))
        """;

    /// <summary>A term of a WITH: by how much the sign-ups of a day have to change.</summary>
    public const string SignupDifferences = """
        signups AS MATERIALIZED (
          SELECT day, coalesce(k.users, 0) AS kept, coalesce(r.users, 0) AS recomputed
            FROM user_signups k
            FULL JOIN (SELECT (created_at AT TIME ZONE 'UTC')::date AS day, count(*)::integer AS users
                         FROM users GROUP BY 1) AS r USING (day)
           WHERE coalesce(k.users, 0) <> coalesce(r.users, 0))
        """;

    private const string DaySumColumns = """
        sum(bookings) AS bookings, sum(tickets) AS tickets, sum(revenue) AS revenue,
        sum(cancellations) AS cancellations, sum(refunded) AS refunded, sum(waitlist_joins) AS waitlist_joins,
        sum(offers) AS offers, sum(conversions) AS conversions, sum(buyers) AS buyers,
        sum(repeat_buyers) AS repeat_buyers
        """;

    /// <summary>Each table's (or view's) name and its query. What reports read over all events is compared with the
    /// books of the events, which are compared with the rows.</summary>
    public static readonly (string Table, string Differences)[] Checks =
    [
        ("event_inventory", $"""
            WITH {Inventory}
            SELECT 'event ' || event_id, what, coalesce(kept, 0)::numeric, coalesce(recomputed, 0)::numeric
              FROM event_inventory k RIGHT JOIN inventory r USING (event_id)
             CROSS JOIN LATERAL (VALUES ('available', k.available, r.available), ('booked', k.booked, r.booked),
                                        ('held', k.held, r.held), ('waiting', k.waiting, r.waiting))
                                AS c (what, kept, recomputed)
             WHERE coalesce(kept, 0) <> coalesce(recomputed, 0) ORDER BY 1, 2
            """),
        ("booking_analytics", $"""
            WITH {Books}, {BookDifferences}
            SELECT 'event ' || event_id || ' ' || day, what, coalesce(kept, 0)::numeric,
                   (coalesce(kept, 0) + difference)::numeric
              FROM differences d LEFT JOIN booking_analytics k USING (event_id, day)
             CROSS JOIN LATERAL (VALUES
               ('bookings', k.bookings, d.bookings), ('tickets', k.tickets, d.tickets),
               ('revenue', k.revenue, d.revenue), ('cancellations', k.cancellations, d.cancellations),
               ('refunded', k.refunded, d.refunded), ('waitlist_joins', k.waitlist_joins, d.waitlist_joins),
               ('offers', k.offers, d.offers), ('conversions', k.conversions, d.conversions))
               AS c (what, kept, difference)
             WHERE difference <> 0 ORDER BY 1, 2
            """),
        ("analytics_by_day", $"""
            WITH k AS (SELECT day, currency, {DaySumColumns} FROM analytics_by_day GROUP BY day, currency),
            r AS (SELECT day, currency, {DaySumColumns} FROM booking_analytics JOIN events ON id = event_id
                   GROUP BY day, currency)
            SELECT day || ' ' || currency, what, coalesce(kept, 0)::numeric, coalesce(recomputed, 0)::numeric
              FROM k FULL JOIN r USING (day, currency)
             CROSS JOIN LATERAL (VALUES
               ('bookings', k.bookings, r.bookings), ('tickets', k.tickets, r.tickets),
               ('revenue', k.revenue, r.revenue), ('cancellations', k.cancellations, r.cancellations),
               ('refunded', k.refunded, r.refunded), ('waitlist_joins', k.waitlist_joins, r.waitlist_joins),
               ('offers', k.offers, r.offers), ('conversions', k.conversions, r.conversions),
               ('buyers', k.buyers, r.buyers), ('repeat_buyers', k.repeat_buyers, r.repeat_buyers))
               AS c (what, kept, recomputed)
             WHERE coalesce(kept, 0) <> coalesce(recomputed, 0) ORDER BY day, currency, what
            """),
        ("buyers", $"""
            WITH {BuyerChanges}
            SELECT 'user ' || user_id, 'confirmed', kept::numeric, recomputed::numeric FROM changes ORDER BY user_id
            """),
        ("booking_analytics", """
            WITH kept AS (SELECT coalesce(sum(buyers), 0) AS buyers, coalesce(sum(repeat_buyers), 0) AS repeat_buyers
                            FROM booking_analytics),
            recomputed AS (
              SELECT count(*) AS buyers, count(*) FILTER (WHERE confirmed >= 2) AS repeat_buyers
                FROM (SELECT count(*) AS confirmed FROM bookings WHERE status = 'confirmed' GROUP BY user_id) AS u)
            SELECT 'all rows', what, c.kept::numeric, c.recomputed::numeric
              FROM kept k CROSS JOIN recomputed r
             CROSS JOIN LATERAL (VALUES ('buyers', k.buyers, r.buyers),
                                        ('repeat_buyers', k.repeat_buyers, r.repeat_buyers))
                                AS c (what, kept, recomputed)
             WHERE c.kept <> c.recomputed ORDER BY 2
            """),
        ("sold_seats", """
            SELECT 'event ' || event_id || ' seat ' || seat_id, 'bookings', count(k.seat_id)::numeric,
                   count(r.seat_id)::numeric
              FROM sold_seats k
              FULL JOIN (SELECT b.event_id, seat ->> 'id' AS seat_id, b.id AS booking_id
                           FROM bookings b CROSS JOIN LATERAL json_array_elements(b.seats) AS seat
                          WHERE b.status = 'confirmed') AS r USING (event_id, seat_id, booking_id)
             GROUP BY event_id, seat_id HAVING count(k.seat_id) <> count(r.seat_id) ORDER BY 1
            """),
        ("user_signups", $"""
            WITH {SignupDifferences}
            SELECT day::text, 'users', kept::numeric, recomputed::numeric FROM signups ORDER BY day
            """),
        ("event_totals_now", """
            SELECT coalesce('category ' || category, 'all') || ' ' || status || ' ' || day
                   || CASE WHEN sold_out THEN ' sold out' ELSE '' END, 'events', sum(kept)::numeric,
                   sum(recomputed)::numeric
              FROM (SELECT category, status, day, sold_out, events AS kept, 0 AS recomputed FROM event_totals_now
                    UNION ALL
                    SELECT category, status, day, sold_out, 0, events FROM event_totals_recounted) AS t
             GROUP BY category, status, day, sold_out HAVING sum(kept) <> sum(recomputed)
             ORDER BY 1
            """),
    ];
}
