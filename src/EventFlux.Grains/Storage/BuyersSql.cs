namespace EventFlux.Grains.Storage;

/// <summary>How the number of a user's confirmed bookings changes, and with it the number of buyers.</summary>
internal static class BuyersSql
{
    /// <summary>
    /// Two terms of a WITH: they apply <c>changes (user_id, change)</c>, a row a user, and answer in <c>crossings</c>
    /// by how much the numbers of buyers and of repeat buyers changed. Exact whatever runs beside it: what a change
    /// crosses is told from the row as it is under the statement's own lock. In the order of the users, so that two
    /// events' commits with the same users can't wait for each other. The two sides are brought together by grouping:
    /// for a join of two sides that it cannot estimate, PostgreSQL may compare each row with each.
    /// </summary>
    public const string ApplyChanges = """
        changed AS (
          INSERT INTO buyers AS b (user_id, confirmed) SELECT user_id, change FROM changes ORDER BY user_id
          ON CONFLICT (user_id) DO UPDATE SET confirmed = b.confirmed + excluded.confirmed
          RETURNING user_id, confirmed),
        crossings AS (
          SELECT coalesce(sum((after >= 1)::integer - (after - change >= 1)::integer), 0)::integer AS buyers,
                 coalesce(sum((after >= 2)::integer - (after - change >= 2)::integer), 0)::integer AS repeat_buyers
            FROM (SELECT user_id, sum(confirmed) AS after, sum(change) AS change
                    FROM (SELECT user_id, confirmed, 0 AS change FROM changed
                          UNION ALL SELECT user_id, 0, change FROM changes) AS both_sides
                   GROUP BY user_id) AS each_user)
        """;
}
