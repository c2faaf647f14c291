using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using EventFlux.Contracts;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Seats;
using EventFlux.Contracts.Users;
using EventFlux.Grains.Audit;
using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>A booking beside who made it.</summary>
/// <param name="UnitPrice">Null where the seats differ.</param>
/// <param name="Seats">Default where the event has none.</param>
/// <param name="FirstName">Null, as the other two, for a user who never signed up or is gone.</param>
public sealed record BookingExportRow(
    Guid Id,
    string Reference,
    BookingStatus Status,
    int Quantity,
    decimal? UnitPrice,
    string Currency,
    DateTimeOffset BookedAt,
    DateTimeOffset? CancelledAt,
    Guid UserId,
    string? FirstName,
    string? LastName,
    string? Email,
    decimal TotalAmount,
    ImmutableArray<SeatTicket> Seats)
{
    /// <summary>Names nobody, wherever a row may be logged.</summary>
    public override string ToString() => $"{nameof(BookingExportRow)} {{ {nameof(Id)} = {Id} }}";
}

/// <summary>Rows on their way, and how many.</summary>
/// <param name="Total">When the export began.</param>
/// <param name="Rows">To be read once.</param>
public sealed record Export<TRow>(long Total, IAsyncEnumerable<TRow> Rows);

/// <summary>Lists without an end of pages: read bit by bit, so that memory holds one page of whatever there is. Safe
/// for concurrent use.</summary>
public sealed class BookingExports(Database database, AnalyticsQueries analytics)
{
    /// <summary>Some 200 KiB; more would hardly be quicker.</summary>
    internal const int PageSize = 1000;

    private const string Columns = """
        b.id, b.reference, b.status, b.quantity, b.unit_price, b.currency, b.booked_at, b.cancelled_at, b.user_id,
        u.first_name, u.last_name, u.email, coalesce(b.amount, b.quantity * b.unit_price), b.seats
        """;

    private const string Note = """
        INSERT INTO audit_log (occurred_at, actor_id, actor_role, action, subject_id, trace_id)
        VALUES (clock_timestamp(), $1, $2, $3, $4, $5)
        """;

    private static readonly ListQuery OfEvent = new(
        Columns, "FROM bookings b LEFT JOIN users u ON u.id = b.user_id WHERE b.event_id = $1",
        new(descending: true, ("b.booked_at", "timestamptz"), ("b.id", "uuid")))
    {
        CountFrom = "FROM bookings WHERE event_id = $1",
    };

    /// <summary>An event's bookings, newest first, with names and addresses. Who takes them out of the system is in the
    /// audit log before the first of them is read.</summary>
    /// <remarks>Pages go on behind the last row, so what is booked meanwhile neither comes twice nor pushes anything
    /// out.</remarks>
    public async Task<Export<BookingExportRow>> OfEventAsync(
        Guid eventId, Actor by, CancellationToken cancellationToken)
    {
        await database.QueryAsync(
            batch => batch.Add(Note).With(by.Id).With(by.Role?.ToText())
                .With(AuditAction.EventExport.ToText()).With(eventId).With(by.TraceId),
            (_, _) => Task.FromResult(true), cancellationToken);
        var first = await PageAsync(eventId, after: null, cancellationToken);
        return new(first.Total ?? 0, GoOnAsync(eventId, first, cancellationToken));
    }

    /// <summary>One row a day, in order, empty ones included.</summary>
    /// <param name="currency">Of the amounts; null: the one with the most revenue ever.</param>
    public async Task<Export<DailyFigures>> DailyAsync(
        DayRange days, string? currency, CancellationToken cancellationToken)
    {
        var rows = await analytics.DailyAsync(days, currency, cancellationToken);
        return new(rows.Count, rows.ToAsyncEnumerable());
    }

    private async IAsyncEnumerable<BookingExportRow> GoOnAsync(
        Guid eventId, Page<BookingExportRow> page, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var row in page.Items) yield return row;
            if (page.Next is not { } place) yield break;
            page = await PageAsync(eventId, place, cancellationToken);
        }
    }

    private Task<Page<BookingExportRow>> PageAsync(Guid eventId, string? after, CancellationToken cancellationToken) =>
        database.PageAsync(
            OfEvent, command => command.With(eventId), Map, new(1, PageSize, after), cancellationToken);

    private static BookingExportRow Map(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), StatusText.ParseBooking(row.GetString(2))!.Value, row.GetInt32(3),
        row.IsDBNull(4) ? null : row.GetDecimal(4), row.GetString(5), row.Instant(6), row.InstantOrNull(7),
        row.GetGuid(8), row.TextOrNull(9), row.TextOrNull(10), row.TextOrNull(11), row.GetDecimal(12),
        SeatJson.ParseSeats(row.TextOrNull(13)));
}
