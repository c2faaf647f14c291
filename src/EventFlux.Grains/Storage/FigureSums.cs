using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>The figures as columns.</summary>
internal static class FigureSums
{
    /// <summary>Sums over rows that have the figures' columns; zeros over none.</summary>
    public const string Columns = """
        coalesce(sum(bookings), 0)::bigint, coalesce(sum(tickets), 0)::bigint, coalesce(sum(revenue), 0)::numeric,
        coalesce(sum(cancellations), 0)::bigint, coalesce(sum(refunded), 0)::numeric,
        coalesce(sum(waitlist_joins), 0)::bigint, coalesce(sum(offers), 0)::bigint,
        coalesce(sum(conversions), 0)::bigint
        """;

    /// <summary>How many columns these are.</summary>
    public const int Count = 8;

    /// <summary>Reads the columns from that one on.</summary>
    public static BookingFigures Read(NpgsqlDataReader row, int first) => new(
        row.GetInt64(first), row.GetInt64(first + 1), row.GetDecimal(first + 2), row.GetInt64(first + 3),
        row.GetDecimal(first + 4), row.GetInt64(first + 5), row.GetInt64(first + 6), row.GetInt64(first + 7));
}
