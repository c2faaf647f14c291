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
    public Task<Page<AuditRow>> ListAsync(AuditFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        return database.PageAsync(Prepare, Map, page, cancellationToken);

        void Prepare(NpgsqlBatch batch)
        {
            var count = batch.Add("");
            count.CommandText = $"SELECT count(*) FROM audit_log{Conditions(filter, count)}";
            var items = batch.Add("");
            var conditions = Conditions(filter, items);
            items.With(page.Limit).With(page.Offset);
            var (limit, offset) = (items.Parameters.Count - 1, items.Parameters.Count);
            items.CommandText = $"""
                SELECT id, occurred_at, actor_id, actor_role, action, subject_id, changes::text, trace_id
                  FROM audit_log{conditions} ORDER BY occurred_at DESC, id DESC LIMIT ${limit} OFFSET ${offset}
                """;
        }
    }

    /// <summary>Only what was asked for becomes a condition, so that each has its index.</summary>
    private static string Conditions(AuditFilter filter, NpgsqlBatchCommand command)
    {
        var sql = new StringBuilder(" WHERE true");
        if (filter.Actor is { } actor) Add("actor_id =", command.With(actor));
        if (filter.Subject is { } subject) Add("subject_id =", command.With(subject));
        if (filter.Action is { } action) Add("action =", command.With(action.ToText()));
        if (filter.From is { } from) Add("occurred_at >=", command.With(from));
        if (filter.Before is { } before) Add("occurred_at <", command.With(before));
        return sql.ToString();

        void Add(string condition, NpgsqlBatchCommand with) =>
            sql.Append($" AND {condition} ${with.Parameters.Count}");
    }

    private static AuditRow Map(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.Instant(1), row.IsDBNull(2) ? null : row.GetGuid(2), row.TextOrNull(3), row.GetString(4),
        row.GetGuid(5), row.GetString(6), row.TextOrNull(7));
}
