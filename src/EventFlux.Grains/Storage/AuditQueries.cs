using System.Text;
using EventFlux.Grains.Audit;
using Npgsql;

namespace EventFlux.Grains.Storage;

/// <summary>What somebody did, as the audit log keeps it.</summary>
/// <param name="Actor">Null: the system itself.</param>
/// <param name="Role">What the actor's token said then.</param>
/// <param name="Changes">By member, as JSON: <c>{"price": {"old": "10.00", "new": "12.00"}}</c>.</param>
public sealed record AuditRow(
    long Id,
    DateTimeOffset OccurredAt,
    Guid? Actor,
    string? Role,
    string Action,
    Guid Subject,
    string Changes,
    string? TraceId);

/// <summary>Which rows a list shows; what is left out doesn't matter.</summary>
public sealed record AuditFilter(
    Guid? Actor, Guid? Subject, AuditAction? Action, DateTimeOffset? From, DateTimeOffset? Before);

/// <summary>Reads the audit log, newest first.</summary>
public sealed class AuditQueries(Database database)
{
    private const string Columns =
        "id, occurred_at, actor_id, actor_role, action, subject_id, changes::text, trace_id";

    private static readonly ListOrder NewestFirst =
        new(descending: true, ("occurred_at", "timestamptz"), ("id", "bigint"));

    public Task<Page<AuditRow>> ListAsync(AuditFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var parameters = new List<Action<NpgsqlBatchCommand>>();
        var list = new ListQuery(Columns, Source(filter, parameters), NewestFirst);
        return database.PageAsync(
            list, command => parameters.ForEach(add => add(command)), Map, page, cancellationToken);
    }

    /// <summary>Only what was asked for becomes a condition, so that each has its index.</summary>
    private static string Source(AuditFilter filter, List<Action<NpgsqlBatchCommand>> parameters)
    {
        var sql = new StringBuilder("FROM audit_log WHERE true");
        if (filter.Actor is { } actor) Add("actor_id =", command => command.With(actor));
        if (filter.Subject is { } subject) Add("subject_id =", command => command.With(subject));
        if (filter.Action is { } action) Add("action =", command => command.With(action.ToText()));
        if (filter.From is { } from) Add("occurred_at >=", command => command.With(from));
        if (filter.Before is { } before) Add("occurred_at <", command => command.With(before));
        return sql.ToString();

        void Add(string condition, Action<NpgsqlBatchCommand> add)
        {
            parameters.Add(add);
            sql.Append($" AND {condition} ${parameters.Count}");
        }
    }

    private static AuditRow Map(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.Instant(1), row.IsDBNull(2) ? null : row.GetGuid(2), row.TextOrNull(3), row.GetString(4),
        row.GetGuid(5), row.GetString(6), row.TextOrNull(7));
}
