using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Analytics;

/// <summary>Writes the books of event-days as commits would, and compares what reports read with a recount.</summary>
internal static class DayRows
{
    /// <summary>As a commit adds to a day.</summary>
    public const string Add = """
        INSERT INTO booking_analytics AS d (event_id, day, bookings, tickets, revenue, cancellations, refunded,
                                            waitlist_joins, offers, conversions, buyers, repeat_buyers)
        VALUES ($1, $2, $3, $3 * 2, $3 * 12.5, $4, $4 * 12.5, 1, $3 + 1, 2, $3 - $4, $4 - $3)
        ON CONFLICT (event_id, day) DO UPDATE
           SET bookings = d.bookings + excluded.bookings, tickets = d.tickets + excluded.tickets,
               revenue = d.revenue + excluded.revenue, cancellations = d.cancellations + excluded.cancellations,
               refunded = d.refunded + excluded.refunded, waitlist_joins = d.waitlist_joins + excluded.waitlist_joins,
               offers = d.offers + excluded.offers, conversions = d.conversions + excluded.conversions,
               buyers = d.buyers + excluded.buyers, repeat_buyers = d.repeat_buyers + excluded.repeat_buyers
        """;

    private const string Sums = """
        sum(bookings), sum(tickets), sum(revenue), sum(cancellations), sum(refunded), sum(waitlist_joins), sum(offers),
        sum(conversions), sum(buyers), sum(repeat_buyers)
        """;

    /// <summary>Rows that took each other back come to nothing, and so does a row that was never there.</summary>
    private const string IsSomething = """
        HAVING (sum(bookings), sum(cancellations), sum(waitlist_joins), sum(offers), sum(buyers)) <> (0, 0, 0, 0, 0)
        """;

    /// <summary>Days whose figures differ, in either direction; one statement, so of one instant.</summary>
    public const string Differences = $"""
        WITH read AS (
          SELECT day, currency, {Sums} FROM analytics_by_day GROUP BY day, currency {IsSomething}),
        recounted AS (
          SELECT day, currency, {Sums} FROM booking_analytics JOIN events ON id = event_id GROUP BY day, currency
          {IsSomething})
        SELECT (SELECT count(*) FROM (SELECT * FROM read EXCEPT SELECT * FROM recounted) AS more)
             + (SELECT count(*) FROM (SELECT * FROM recounted EXCEPT SELECT * FROM read) AS less)
        """;

    /// <summary>So many events, one in each of the currencies in turn.</summary>
    public static async Task<Guid[]> CreateEventsAsync(
        this TestDatabase database, int count, params string[] currencies)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.NewGuid()).ToArray();
        await database.ExecuteAsync(
            """
            INSERT INTO events (id, name, venue, event_date, price, currency, capacity, status, details_version,
                                created_by, created_by_name, created_at, updated_at)
            SELECT id, 'Event ' || n, 'Venue', now() + interval '30 days', 12.5, ($2::text[])[1 + n % cardinality($2)],
                   100, 'active', 1, gen_random_uuid(), 'Creator', now(), now()
              FROM unnest($1::uuid[]) WITH ORDINALITY AS e (id, n)
            """,
            ids, currencies);
        await database.ExecuteAsync(
            "INSERT INTO event_inventory SELECT id, 1, 100, 100, 0, 0, 0 FROM events WHERE id = ANY ($1)", ids);
        return ids;
    }

    public static Task AddAsync(
        this TestDatabase database, Guid eventId, DateOnly day, int bookings, int cancellations = 0) =>
        database.ExecuteAsync(Add, eventId, day, bookings, cancellations);

    public static Task<int> CloseAsync(this TestDatabase database, DateOnly before, int limit = 1000) =>
        database.ScalarAsync<int>("SELECT close_days($1, $2)", before, limit);

    public static async Task AssertExactAsync(this TestDatabase database) =>
        Assert.Equal(0, await database.ScalarAsync<long>(Differences));
}
