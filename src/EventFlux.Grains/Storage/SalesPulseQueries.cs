namespace EventFlux.Grains.Storage;

/// <summary>Reads the sum that shows how fast sales are going. Safe for concurrent use.</summary>
public sealed class SalesPulseQueries(Database database)
{
    /// <summary>Two days, so that midnight is no jump; by the index on days.</summary>
    private const string Bookings = """
        SELECT coalesce(sum(bookings), 0) FROM booking_analytics WHERE day >= ($1 AT TIME ZONE 'UTC')::date - 1
        """;

    /// <summary>What all events together have booked today and yesterday.</summary>
    public Task<long> ReadBookingsAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        database.FirstAsync(batch => batch.Add(Bookings).With(now), row => row.GetInt64(0), cancellationToken);
}
