using EventFlux.Contracts.Holds;
using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>Reads holds, through a view that knows what the time has ended.</summary>
public sealed class HoldQueries(Database database)
{
    private const string Columns = """
        h.id, h.event_id, h.user_id, h.quantity, h.unit_price, h.amount, h.currency, h.seats, h.status, h.held_at,
        h.expires_at, h.is_extended
        """;

    private const string ById = $"SELECT {Columns} FROM hold_view h WHERE h.event_id = $1 AND h.id = $2";

    private static readonly ListQuery OpenOfUser = new(
        Columns, "FROM hold_view h WHERE h.user_id = $1 AND h.status = 'open'",
        new(descending: false, ("h.expires_at", "timestamptz"), ("h.id", "uuid")));

    /// <summary>The user's hold of that event, open or ended; null when there is none or it is somebody
    /// else's.</summary>
    public Task<HoldSnapshot?> FindOfUserAsync(
        Guid userId, Guid eventId, Guid id, CancellationToken cancellationToken) =>
        database.As(userId).FirstAsync(batch => batch.Add(ById).With(eventId).With(id), Map, cancellationToken);

    /// <summary>A user's open holds, those that end first in front.</summary>
    public Task<Page<HoldSnapshot>> ListOpenAsync(
        Guid userId, PageRequest page, CancellationToken cancellationToken) =>
        database.As(userId).PageAsync(OpenOfUser, command => command.With(userId), Map, page, cancellationToken);

    private static HoldSnapshot Map(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetInt32(3), row.IsDBNull(4) ? null : row.GetDecimal(4),
        row.GetDecimal(5), row.GetString(6), SeatJson.ParseSeats(row.TextOrNull(7)),
        StatusText.ParseHold(row.GetString(8))!.Value, row.Instant(9), row.Instant(10), row.GetBoolean(11));
}
