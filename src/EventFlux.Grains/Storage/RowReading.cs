using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>Columns that the driver has no short name for.</summary>
internal static class RowReading
{
    /// <summary>A <c>timestamptz</c>; always UTC.</summary>
    public static DateTimeOffset Instant(this NpgsqlDataReader row, int column) =>
        row.GetFieldValue<DateTimeOffset>(column);

    public static DateTimeOffset? InstantOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.Instant(column);

    public static string? TextOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
