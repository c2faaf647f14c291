namespace EventFlux.Grains.Storage;

/// <summary>What all events together have sold and taken back so far, as far as it still changes.</summary>
/// <param name="Bookings">Rises, except where a day ends.</param>
public readonly record struct SalesPulse(long Bookings, long Cancellations);

/// <summary>Reads the sums that show how fast sales are going. Safe for concurrent use.</summary>
public sealed class SalesPulseQueries(Database database)
{
    /// <summary>Two days, so that midnight is no jump; by the index on days.</summary>
    private const string Sums = """
        SELECT coalesce(sum(bookings), 0), coalesce(sum(cancellations), 0)
          FROM booking_analytics WHERE day >= ($1 AT TIME ZONE 'UTC')::date - 1
        """;

    public Task<SalesPulse> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        database.FirstAsync(
            batch => batch.Add(Sums).With(now),
            row => new SalesPulse(row.GetInt64(0), row.GetInt64(1)), cancellationToken);
}
