using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>Which events come first, and how one of them is read.</summary>
internal static class EventRankings
{
    /// <summary>A draft is nobody's business, and a cancelled event has nothing left to be ranked by.</summary>
    public const string MostSold = $"""
        SELECT {Columns} FROM event_view WHERE booked_tickets > 0 AND stored_status IN ('active', 'completed')
         ORDER BY booked_tickets DESC, event_date, id LIMIT $1
        """;

    /// <summary>Of what is on sale.</summary>
    public const string Fullest = $"""
        SELECT {Columns} FROM event_view WHERE {OnSale}
         ORDER BY booked_tickets::numeric / capacity DESC, event_date, id LIMIT $1
        """;

    /// <summary>Said the way the partial index is built.</summary>
    public const string OnSale = "stored_status = 'active' AND event_date > now()";

    private const string Columns = """
        id, name, venue, category, event_date, status, capacity, available_tickets, booked_tickets, price, currency
        """;

    public static PopularEvent Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.TextOrNull(3), row.Instant(4),
        StatusText.ParseEvent(row.GetString(5))!.Value, row.GetInt32(6), row.GetInt32(7), row.GetInt32(8),
        row.GetDecimal(9), row.GetString(10));
}
