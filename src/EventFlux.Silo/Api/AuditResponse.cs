using System.Text.Json;
using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>Something that somebody did.</summary>
/// <param name="Id">Rises; later entries of one subject have the higher numbers.</param>
/// <param name="ActorId">Who did it; null for the system itself.</param>
/// <param name="ActorRole">The actor's role then.</param>
/// <param name="Action">Such as <c>event.update</c>.</param>
/// <param name="SubjectId">The event, booking or user that it was done to.</param>
/// <param name="Changes">The members that changed. Never a password, a hash or a token.</param>
/// <param name="TraceId">The <c>trace_id</c> of the request.</param>
public sealed record AuditEntryResponse(
    long Id,
    DateTimeOffset OccurredAt,
    Guid? ActorId,
    string? ActorRole,
    string Action,
    Guid SubjectId,
    IReadOnlyDictionary<string, AuditChangeResponse> Changes,
    string? TraceId)
{
    public static AuditEntryResponse From(AuditRow row) => new(
        row.Id, row.OccurredAt, row.Actor, row.Role, row.Action, row.Subject,
        JsonSerializer.Deserialize<Dictionary<string, AuditChangeResponse>>(row.Changes, ApiJson.Options)!,
        row.TraceId);
}

/// <summary>A member's value as text, before and after.</summary>
/// <param name="Old">Null where there was none.</param>
/// <param name="New">Null where there is none any more.</param>
public sealed record AuditChangeResponse(string? Old = null, string? New = null);
