using System.Collections.Immutable;
using EventFlux.Contracts.Seats;
using EventFlux.Contracts.Waitlist;
using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>A waitlist entry as readers see it now.</summary>
/// <param name="Position">1 is next among the waiting; null when not waiting.</param>
/// <param name="Sections">Codes of the sections that will do; default for all.</param>
public sealed record WaitlistEntryRow(
    Guid Id,
    Guid EventId,
    string EventName,
    DateTimeOffset EventDate,
    Guid UserId,
    int Quantity,
    WaitlistStatus Status,
    long? Position,
    DateTimeOffset JoinedAt,
    DateTimeOffset? NotifiedAt,
    DateTimeOffset? ExpiresAt,
    ImmutableArray<string> Sections);

/// <summary>An open offer with what its holder needs to decide.</summary>
/// <param name="Price">Of one ticket; of seats the least that one costs.</param>
/// <param name="Seats">Those that it holds; default where the event has none.</param>
public sealed record OpenOfferRow(
    Guid EntryId,
    Guid EventId,
    string EventName,
    string Venue,
    DateTimeOffset EventDate,
    decimal Price,
    string Currency,
    int Quantity,
    DateTimeOffset NotifiedAt,
    DateTimeOffset ExpiresAt,
    ImmutableArray<SeatTicket> Seats);

/// <summary>Reads the waitlists, through a view that knows what the time has ended.</summary>
public sealed class WaitlistQueries(Database database)
{
    private const string Columns = """
        w.id, w.event_id, w.event_name, w.event_date, w.user_id, w.quantity, w.status, w.joined_at, w.notified_at,
        w.expires_at, w.sections
        """;

    /// <summary>Counted by an index alone, only for entries that wait; by a function, because a user doesn't see the
    /// entries that are counted.</summary>
    private const string Position =
        "CASE WHEN w.status = 'waiting' THEN waitlist_position(w.event_id, w.sequence) END";

    private const string ById = $"SELECT {Columns}, {Position} FROM waitlist_view w WHERE w.id = $1";

    private static readonly ListQuery OfUser = new(
        $"{Columns}, {Position}", "FROM waitlist_view w WHERE w.user_id = $1",
        new(descending: true, ("w.joined_at", "timestamptz"), ("w.id", "uuid")))
    {
        CountFrom = "FROM waitlist_entries WHERE user_id = $1",
    };

    private static readonly ListQuery OpenOffersOfUser = new(
        """
        w.id, w.event_id, e.name, e.venue, e.event_date, e.price, e.currency, w.quantity, w.notified_at, w.expires_at,
        w.seats
        """,
        """
        FROM waitlist_view w JOIN events e ON e.id = w.event_id
         WHERE w.user_id = $1 AND w.status = 'notified' AND e.status = 'active'
        """,
        new(descending: false, ("w.expires_at", "timestamptz"), ("w.id", "uuid")));

    private static readonly ListOrder ByJoining = new(descending: false, ("w.sequence", "bigint"));

    internal static readonly ListQuery QueueFromStart = QueueOfEvent("0");

    /// <summary>The place in $2; those up to it are counted by an index alone.</summary>
    private static readonly ListQuery QueueBehindPlace = QueueOfEvent($"""
        (SELECT count(*) FROM waitlist_entries q
          WHERE q.event_id = $1 AND q.status = 'waiting' AND q.sequence <= {ByJoining.ValueOf(0, 2)})
        """);

    /// <summary>The user's entry; null when there is none or it is somebody else's.</summary>
    public Task<WaitlistEntryRow?> FindOfUserAsync(Guid userId, Guid id, CancellationToken cancellationToken) =>
        database.As(userId).FirstAsync(batch => batch.Add(ById).With(id), MapEntry, cancellationToken);

    /// <summary>A user's entries of any status, newest first.</summary>
    public Task<Page<WaitlistEntryRow>> ListOfUserAsync(
        Guid userId, PageRequest page, CancellationToken cancellationToken) =>
        database.As(userId).PageAsync(OfUser, command => command.With(userId), MapEntry, page, cancellationToken);

    /// <summary>A user's open offers, those that end first in front.</summary>
    public Task<Page<OpenOfferRow>> ListOpenOffersAsync(
        Guid userId, PageRequest page, CancellationToken cancellationToken) =>
        database.As(userId).PageAsync(
            OpenOffersOfUser, command => command.With(userId), MapOffer, page, cancellationToken);

    /// <summary>An event's open entries in the order of joining: those that wait, with their positions, and those that
    /// hold an offer.</summary>
    public Task<Page<WaitlistEntryRow>> ListQueueAsync(
        Guid eventId, PageRequest page, CancellationToken cancellationToken) =>
        database.PageAsync(
            page.After is null ? QueueFromStart : QueueBehindPlace, command => command.With(eventId), MapEntry, page,
            cancellationToken);

    /// <summary>One pass over the queue numbers all the waiting; a count for each row would walk it as often.</summary>
    /// <param name="ahead">How many wait before the first row of the pass.</param>
    private static ListQuery QueueOfEvent(string ahead) => new(
        $"""
        {Columns}, CASE WHEN w.status = 'waiting' THEN
          {ahead} + count(*) FILTER (WHERE w.status = 'waiting') OVER (ORDER BY w.sequence) END
        """,
        "FROM waitlist_view w WHERE w.event_id = $1 AND w.status IN ('waiting', 'notified')", ByJoining);

    private static WaitlistEntryRow MapEntry(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.Instant(3), row.GetGuid(4), row.GetInt32(5),
        StatusText.ParseWaitlist(row.GetString(6))!.Value, row.IsDBNull(11) ? null : row.GetInt64(11), row.Instant(7),
        row.InstantOrNull(8), row.InstantOrNull(9),
        row.IsDBNull(10) ? default : [.. row.GetFieldValue<string[]>(10)]);

    private static OpenOfferRow MapOffer(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.Instant(4), row.GetDecimal(5),
        row.GetString(6), row.GetInt32(7), row.Instant(8), row.Instant(9),
        SeatJson.ParseSeats(row.TextOrNull(10)));
}
