using System.Text;
using EventFlux.Contracts.Events;
using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>
/// A filter of events as SQL over the table <c>events</c>. Only what was asked for becomes a condition, so that each
/// combination can use its own index. Every value travels as a parameter; the same ones serve every statement of a
/// filter.
/// </summary>
internal sealed class EventConditions
{
    /// <summary>Stored as active, although the date has come: a clock is about to write it down.</summary>
    private const string IsDue = "status = 'active' AND event_date <= now()";

    private readonly EventFilter _filter;
    private readonly string? _category, _from, _before, _words;

    /// <param name="parameters">Gets what adds each of the parameters.</param>
    public EventConditions(EventFilter filter, List<Action<NpgsqlBatchCommand>> parameters)
    {
        _filter = filter;
        if (filter.Category is { } category) _category = Parameter(command => command.With(category));
        if (filter.DateFrom is { } from) _from = Parameter(command => command.With(from));
        if (filter.DateBefore is { } before) _before = Parameter(command => command.With(before));
        if (filter.Search is { } words) _words = Parameter(command => command.With(words));

        string Parameter(Action<NpgsqlBatchCommand> add)
        {
            parameters.Add(add);
            return $"${parameters.Count}";
        }
    }

    /// <summary>The events by everything but their words.</summary>
    public string Events => Rows(StatusNow, _from, _before);

    /// <summary>The events found by their words first; for words that few have.</summary>
    /// <remarks>The planner can't know how many that are. OFFSET keeps it from asking for an order here, which would
    /// make it look through all events in that order.</remarks>
    public string Found =>
        $"FROM (SELECT * {Events} AND {HaveWords} OFFSET 0) AS events WHERE true";

    /// <summary>All events looked through for the words, in the order that is asked for; for words that many
    /// have.</summary>
    /// <remarks>Said in a way that the index of the words doesn't know.</remarks>
    public string LookedThrough => $"{Events} AND ({HaveWords}) IS TRUE";

    /// <summary>How many have the words: a number.</summary>
    public string CountFound => $"(SELECT count(*) {Events} AND {HaveWords})";

    /// <summary>
    /// How many there are, whatever their words: a number, at a cost that doesn't grow with it. Whole days come from
    /// the sums. What is counted one by one is what lies between a bound and the nearest midnight, and what the next
    /// sweep will complete.
    /// </summary>
    public string Count
    {
        get
        {
            var (firstDay, lastDay) = (_from is null ? null : DayFrom(_from), _before is null ? null : DayOf(_before));
            var sql = new StringBuilder("((SELECT coalesce(sum(events), 0)::bigint FROM event_totals_now WHERE ")
                .Append(_category is null ? "category IS NULL" : $"category = lower({_category})");
            if (Stored is { } stored) sql.Append($" AND {stored}");
            if (_filter.AvailableOnly) sql.Append(" AND NOT sold_out");
            if (firstDay is not null) sql.Append($" AND day >= {firstDay}");
            if (lastDay is not null) sql.Append($" AND day < {lastDay}");
            sql.Append(')');

            var (first, last) = (firstDay is null ? null : Start(firstDay), lastDay is null ? null : Start(lastDay));
            if (first is not null && !IsMidnight(_filter.DateFrom))
                Add('+', Rows(Stored, _from, _before is null ? first : $"least({first}, {_before})"));
            if (last is not null && !IsMidnight(_filter.DateBefore))
                Add('+', Rows(Stored, first is null ? last : $"greatest({first}, {last})", _before));
            if (_filter.Status is EventStatus.Active) Add('-', Rows(IsDue, _from, _before));
            if (_filter.Status is EventStatus.Completed) Add('+', Rows(IsDue, _from, _before));
            return sql.Append(')').ToString();

            void Add(char sign, string rows) => sql.Append($" {sign} (SELECT count(*) {rows})");
        }
    }

    /// <summary>As a subquery it is made once, not for every row.</summary>
    private string HaveWords => $"search @@ (SELECT search_query({_words}))";

    /// <summary>The status that the date gives an event; null: any.</summary>
    private string? StatusNow => _filter.Status switch
    {
        // Said the way the partial indexes are built.
        EventStatus.Active => "status = 'active' AND event_date > now()",
        EventStatus.Completed => $"(status = 'completed' OR {IsDue})",
        _ => Stored,
    };

    private string? Stored => _filter.Status is { } status ? $"status = '{status.ToText()}'" : null;

    private string Rows(string? status, string? from, string? before)
    {
        var sql = new StringBuilder("FROM events WHERE deleted_at IS NULL");
        if (status is not null) sql.Append($" AND {status}");
        if (_category is not null) sql.Append($" AND lower(category) = lower({_category})");
        if (from is not null) sql.Append($" AND event_date >= {from}");
        if (before is not null) sql.Append($" AND event_date < {before}");
        // Looked up for one event after the other. As a join, all counters might be read for a page of ten.
        if (_filter.AvailableOnly)
            sql.Append(" AND (SELECT available > 0 FROM event_inventory WHERE event_id = events.id)");
        return sql.ToString();
    }

    private static bool IsMidnight(DateTimeOffset? instant) => instant?.UtcDateTime.TimeOfDay == TimeSpan.Zero;

    /// <summary>The first UTC day that begins at that instant or later.</summary>
    private static string DayFrom(string instant) =>
        $"({instant} AT TIME ZONE 'UTC' + interval '1 day' - interval '1 microsecond')::date";

    private static string DayOf(string instant) => $"({instant} AT TIME ZONE 'UTC')::date";

    private static string Start(string day) => $"({day}::timestamp AT TIME ZONE 'UTC')";
}
