using EventFlux.Contracts.Bookings;
using Npgsql;
using NpgsqlTypes;

namespace EventFlux.Grains.Storage;

/// <summary>A booking of an event with who made it, for those who run the event.</summary>
/// <param name="BuyerName">Null, as the address, where nobody signed up under the user's id.</param>
public sealed record EventBooking(BookingSnapshot Booking, string? BuyerName, string? BuyerEmail);

/// <summary>Reads bookings, each with what its event is called now.</summary>
public sealed class BookingQueries
{
    /// <summary>With two, half as many share a round trip, which costs more than the wait for one.</summary>
    private const int Readers = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private const int MostTogether = 128;

    /// <summary>Fewer are filled up with one of them. PostgreSQL takes an array that it doesn't see for one of ten, and
    /// would plan the statement anew each time for one that it sees to be shorter, which costs more than
    /// reading.</summary>
    private const int FewestIds = 16;

    private const string Columns = """
        b.id, b.reference, b.event_id, e.name, e.venue, e.event_date, b.user_id, b.quantity, b.unit_price, b.currency,
        b.status, b.booked_at, b.cancelled_at, coalesce(b.amount, b.quantity * b.unit_price), b.seats
        """;

    private const string Source = "FROM bookings b JOIN events e ON e.id = b.event_id";

    private const string ById = $"SELECT {Columns} {Source} WHERE b.id = $1";

    private const string ByIds = $"SELECT {Columns} {Source} WHERE b.id = ANY ($1)";

    private const string ByReference = $"SELECT {Columns} {Source} WHERE b.reference = $1";

    private static readonly ListOrder NewestFirst =
        new(descending: true, ("b.booked_at", "timestamptz"), ("b.id", "uuid"));

    private static readonly ListQuery OfUser = new(
        Columns,
        $"""
        {Source} WHERE b.user_id = $1 AND ($2::text IS NULL OR b.status = $2) AND (NOT $3 OR e.event_date > now())
        """,
        NewestFirst);

    /// <summary>What its commits counted less what retention has removed since: as exact as a count of the rows, at the
    /// cost of a row a day.</summary>
    private const string CountOfEvent = """
        (SELECT coalesce(sum(bookings), 0) FROM booking_analytics WHERE event_id = $1)
          - (SELECT coalesce(sum(bookings), 0) FROM removed_analytics WHERE event_id = $1)
        """;

    internal static readonly ListQuery OfEvent = new(Columns, $"{Source} WHERE b.event_id = $1", NewestFirst)
    {
        Count = CountOfEvent, CountFrom = "",
    };

    private const string BuyerColumns = $"{Columns}, u.first_name || ' ' || u.last_name, u.email";

    /// <summary>What is typed may begin a reference, a name or an address.</summary>
    private const string HasWords = """
        (starts_with(b.reference, upper($3)) OR starts_with(lower(u.email), lower($3))
         OR starts_with(lower(u.last_name), lower($3))
         OR starts_with(lower(u.first_name || ' ' || u.last_name), lower($3)))
        """;

    private readonly Database _database;
    private readonly Gathering<Guid, BookingSnapshot?> _together;

    /// <summary>Reads from that database.</summary>
    public BookingQueries(Database database)
    {
        _database = database;
        _together = new(Readers, Patience, MostTogether, _ => 1, FindAllAsync);
    }

    /// <summary>Anybody's booking, or null: for admins.</summary>
    public Task<BookingSnapshot?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        _database.FirstAsync(batch => batch.Add(ById).With(id), Map, cancellationToken);

    /// <summary>The same for the booking itself; those that are read at the same time share a round trip.</summary>
    internal Task<BookingSnapshot?> FindTogetherAsync(Guid id, CancellationToken cancellationToken) =>
        _together.AskAsync(id).WaitAsync(cancellationToken);

    /// <summary>The user's booking; null when there is none or it is somebody else's.</summary>
    public Task<BookingSnapshot?> FindOfUserAsync(Guid userId, Guid id, CancellationToken cancellationToken) =>
        _database.As(userId).FirstAsync(batch => batch.Add(ById).With(id), Map, cancellationToken);

    /// <summary>Anybody's booking with that reference, or null: whoever holds it may see a part of it.</summary>
    public Task<BookingSnapshot?> FindByReferenceAsync(string reference, CancellationToken cancellationToken) =>
        _database.FirstAsync(batch => batch.Add(ByReference).With(reference), Map, cancellationToken);

    /// <summary>A user's bookings, newest first.</summary>
    /// <param name="status">Only those; null for all.</param>
    /// <param name="upcomingOnly">Only those whose event is still to come.</param>
    public Task<Page<BookingSnapshot>> ListOfUserAsync(
        Guid userId, BookingStatus? status, bool upcomingOnly, PageRequest page, CancellationToken cancellationToken) =>
        ListOfUserAsync(_database.As(userId), userId, status, upcomingOnly, page, cancellationToken);

    /// <summary>Apart, so that the price of reading as the user can be measured.</summary>
    internal static Task<Page<BookingSnapshot>> ListOfUserAsync(
        Database reader, Guid userId, BookingStatus? status, bool upcomingOnly, PageRequest page,
        CancellationToken cancellationToken) =>
        reader.PageAsync(
            OfUser, command => command.With(userId).With(status?.ToText()).With(upcomingOnly), Map, page,
            cancellationToken);

    /// <summary>An event's bookings, newest first.</summary>
    public Task<Page<BookingSnapshot>> ListOfEventAsync(
        Guid eventId, PageRequest page, CancellationToken cancellationToken) =>
        _database.PageAsync(OfEvent, command => command.With(eventId), Map, page, cancellationToken);

    /// <summary>An event's bookings with their buyers, newest first.</summary>
    /// <param name="words">The beginning of a reference, a name or an e-mail address; null for all. Costs a look at
    /// each booking of the event.</param>
    /// <param name="status">Only those; null for all.</param>
    public Task<Page<EventBooking>> SearchOfEventAsync(
        Guid eventId, string? words, BookingStatus? status, PageRequest page, CancellationToken cancellationToken) =>
        _database.PageAsync(
            OfEventWithBuyers(words, status),
            command =>
            {
                command.With(eventId);
                if (words is not null || status is not null) command.With(status?.ToText());
                if (words is not null) command.With(words);
            },
            row => new EventBooking(Map(row), row.TextOrNull(15), row.TextOrNull(16)), page, cancellationToken);

    /// <summary>Counts without the buyers where nothing is asked of them.</summary>
    private static ListQuery OfEventWithBuyers(string? words, BookingStatus? status)
    {
        const string From = $"{Source} LEFT JOIN users u ON u.id = b.user_id WHERE b.event_id = $1";
        const string OfStatus = "($2::text IS NULL OR b.status = $2)";
        return (words, status) switch
        {
            (null, null) => new(BuyerColumns, From, NewestFirst) { Count = CountOfEvent, CountFrom = "" },
            (null, _) => new(BuyerColumns, $"{From} AND {OfStatus}", NewestFirst)
            {
                CountFrom = $"FROM bookings b WHERE event_id = $1 AND {OfStatus}",
            },
            _ => new(BuyerColumns, $"{From} AND {OfStatus} AND {HasWords}", NewestFirst),
        };
    }

    private async Task FindAllAsync(IReadOnlyList<Gathered<Guid, BookingSnapshot?>> asked)
    {
        var ids = new Guid[Math.Max(asked.Count, FewestIds)];
        for (var at = 0; at < ids.Length; at++) ids[at] = asked[at < asked.Count ? at : 0].Item;
        var rows = await _database.ListAsync(
            batch => batch.Add(ByIds).With(NpgsqlDbType.Uuid, ids, id => id), Map, CancellationToken.None);
        var found = rows.ToDictionary(row => row.Id);
        foreach (var one in asked) one.SetResult(found.GetValueOrDefault(one.Item));
    }

    private static BookingSnapshot Map(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetString(3), row.GetString(4), row.Instant(5),
        row.GetGuid(6), row.GetInt32(7), row.IsDBNull(8) ? null : row.GetDecimal(8), row.GetString(9),
        StatusText.ParseBooking(row.GetString(10))!.Value, row.Instant(11), row.InstantOrNull(12),
        row.GetDecimal(13), SeatJson.ParseSeats(row.TextOrNull(14)));
}
