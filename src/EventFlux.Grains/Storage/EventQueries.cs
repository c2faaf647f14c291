using EventFlux.Contracts.Events;
using Npgsql;
using NpgsqlTypes;

namespace EventFlux.Grains.Storage;

/// <summary>An event as readers see it: details, counts, and the status that its date gives it.</summary>
/// <param name="DetailsVersion">Moved on by edits and ends.</param>
/// <param name="CountsVersion">Moved on by every commit.</param>
/// <param name="StatusIsDue">Whether the status shown is ahead of the stored one, which a clock will bring up to
/// it.</param>
/// <param name="IsSeated">Whether its tickets are for seats.</param>
public sealed record EventRow(
    Guid Id,
    EventDetails Details,
    EventStatus Status,
    int Capacity,
    int Available,
    int Booked,
    int Held,
    int Waiting,
    Guid CreatedBy,
    string CreatedByName,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    long DetailsVersion,
    long CountsVersion,
    bool StatusIsDue,
    bool IsSeated);

/// <summary>Whose an event is.</summary>
public sealed record EventCreator(Guid CreatedBy, EventStatus Status);

/// <summary>What a list of events is sorted by.</summary>
public enum EventOrder
{
    EventDate,
    Price,
    Capacity,
    Name,
}

/// <summary>Which events a list shows.</summary>
/// <param name="Search">Words that name, venue or description hold; the last one may be a beginning.</param>
/// <param name="DateFrom">The earliest date.</param>
/// <param name="DateBefore">Dates before this instant only.</param>
public sealed record EventFilter(
    EventStatus? Status,
    string? Category = null,
    string? Search = null,
    DateTimeOffset? DateFrom = null,
    DateTimeOffset? DateBefore = null,
    bool AvailableOnly = false,
    EventOrder Order = EventOrder.EventDate,
    bool Descending = false);

/// <summary>Reads events. Safe for concurrent use.</summary>
public sealed class EventQueries(Database database, TimeProvider time)
{
    /// <summary>How long it may be before walking a list notices that its words have become rare or common.</summary>
    private static readonly TimeSpan RoughlyFor = TimeSpan.FromMinutes(1);

    private const string Columns = """
        id, name, description, venue, address, event_date, price, currency, category, image_url, status, capacity,
        available_tickets, booked_tickets, held_tickets, waitlist_length, created_by, created_by_name, created_at,
        updated_at, details_version, counts_version, stored_status <> status, seated
        """;

    private const string ById = $"SELECT {Columns} FROM event_view WHERE id = $1";

    private const string CreatorById = "SELECT created_by, status FROM event_view WHERE id = $1";

    private const string Foreign = "SELECT EXISTS (SELECT FROM events WHERE id <> ALL ($1))";

    private const string Missing = "SELECT id FROM unnest($1::uuid[]) AS id EXCEPT SELECT id FROM events";

    /// <summary>Counting finds a word's events one by one, however many have it.</summary>
    private readonly BriefAnswers<EventFilter, EventMatches> _matches = new(
        filter => CountAsync(database, filter), time);

    /// <summary>For pages behind a place, which tell no total.</summary>
    private readonly BriefAnswers<EventFilter, EventMatches> _roughMatches = new(
        filter => CountAsync(database, filter), time, RoughlyFor);

    /// <summary>The event, or null. Whether the caller may see a draft is the caller's business.</summary>
    public Task<EventRow?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.FirstAsync(batch => batch.Add(ById).With(id), Map, cancellationToken);

    /// <summary>Whose the event is; null when there is none.</summary>
    public Task<EventCreator?> FindCreatorAsync(Guid id, CancellationToken cancellationToken) =>
        database.FirstAsync(
            batch => batch.Add(CreatorById).With(id),
            row => new EventCreator(row.GetGuid(0), StatusText.ParseEvent(row.GetString(1))!.Value),
            cancellationToken);

    /// <summary>Which of the ids no event ever had; null when there are events with other ids.</summary>
    public Task<HashSet<Guid>?> FindMissingAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        database.QueryAsync(
            batch =>
            {
                batch.Add(Foreign).With(NpgsqlDbType.Uuid, ids, id => id);
                batch.Add(Missing).With(NpgsqlDbType.Uuid, ids, id => id);
            },
            async (reader, token) =>
            {
                await reader.ReadAsync(token);
                if (reader.GetBoolean(0)) return null;
                await reader.NextResultAsync(token);
                var missing = new HashSet<Guid>();
                while (await reader.ReadAsync(token)) missing.Add(reader.GetGuid(0));
                return missing;
            },
            cancellationToken);

    /// <summary>A page of the events that the filter lets through. The total is of this instant; that of a search is a
    /// second old at most, and never contradicts the page.</summary>
    public async Task<Page<EventRow>> ListAsync(
        EventFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        if (filter.Search is null) return await ReadAsync(ListOf);

        var matches = await (page.After is null ? _matches : _roughMatches).ReadAsync(
            filter with { Order = default, Descending = false }, cancellationToken);
        var lookThrough = matches.FavourLookingThrough(page);
        var found = await ReadAsync((given, parameters) => SearchOf(given, lookThrough, parameters));
        return found with { Total = page.After is null ? matches.TotalOn(found) : null };

        Task<Page<EventRow>> ReadAsync(Func<EventFilter, List<Action<NpgsqlBatchCommand>>, ListQuery> listOf)
        {
            var parameters = new List<Action<NpgsqlBatchCommand>>();
            return database.PageAsync(
                listOf(filter, parameters), command => parameters.ForEach(add => add(command)), Map, page,
                cancellationToken);
        }
    }

    /// <summary>The list that a filter without words asks for.</summary>
    /// <param name="parameters">Gets what adds each of its parameters.</param>
    internal static ListQuery ListOf(EventFilter filter, List<Action<NpgsqlBatchCommand>> parameters)
    {
        var conditions = new EventConditions(filter, parameters);
        return new(Columns, conditions.Events, OrderOf(filter))
        {
            Details = "event_view", Count = conditions.Count, CountFrom = "",
        };
    }

    /// <summary>The list that a filter with words asks for, without its total.</summary>
    /// <inheritdoc cref="ListOf" path="/param"/>
    internal static ListQuery SearchOf(
        EventFilter filter, bool lookThrough, List<Action<NpgsqlBatchCommand>> parameters)
    {
        var conditions = new EventConditions(filter, parameters);
        return new(Columns, lookThrough ? conditions.LookedThrough : conditions.Found, OrderOf(filter))
        {
            Details = "event_view", IsCountedApart = true,
        };
    }

    private static Task<EventMatches> CountAsync(Database database, EventFilter filter)
    {
        var parameters = new List<Action<NpgsqlBatchCommand>>();
        var conditions = new EventConditions(filter, parameters);
        return database.FirstAsync(
            batch =>
            {
                var count = batch.Add($"SELECT {conditions.CountFound}, {conditions.Count}");
                parameters.ForEach(add => add(count));
            },
            row => new EventMatches(row.GetInt64(0), row.GetInt64(1)), CancellationToken.None)!;
    }

    /// <summary>Ends in the id, so that equal values have one order on every page.</summary>
    private static ListOrder OrderOf(EventFilter filter)
    {
        var key = filter.Order switch
        {
            EventOrder.EventDate => ("event_date", "timestamptz"),
            EventOrder.Price => ("price", "numeric"),
            EventOrder.Capacity => ("capacity", "integer"),
            EventOrder.Name => ("lower(name)", "text"),
            _ => throw new ArgumentOutOfRangeException(nameof(filter), filter.Order, null),
        };
        // One value for all rows of a category, said because PostgreSQL doesn't conclude it under row security: so the
        // category's index is in order already.
        return filter is { Category: not null, Order: EventOrder.EventDate }
            ? new(filter.Descending, ("lower(category)", "text"), key, ("id", "uuid"))
            : new(filter.Descending, key, ("id", "uuid"));
    }

    private static EventRow Map(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        new(
            row.GetString(1), row.TextOrNull(2), row.GetString(3), row.TextOrNull(4), row.Instant(5), row.GetDecimal(6),
            row.GetString(7), row.TextOrNull(8), row.TextOrNull(9)),
        StatusText.ParseEvent(row.GetString(10))!.Value, row.GetInt32(11), row.GetInt32(12), row.GetInt32(13),
        row.GetInt32(14), row.GetInt32(15), row.GetGuid(16), row.GetString(17), row.Instant(18), row.Instant(19),
        row.GetInt64(20), row.GetInt64(21), row.GetBoolean(22),
        row.GetBoolean(23));
}
