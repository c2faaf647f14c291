using EventFlux.Contracts.Users;

namespace EventFlux.Contracts;

/// <summary>Who asks for a change, as the audit log keeps it. Ids alone: the log is kept for ever, so it names
/// nobody.</summary>
/// <param name="Role">As the actor's token says; null where nobody has said.</param>
/// <param name="TraceId">Leads to the request in logs and traces.</param>
[GenerateSerializer, Immutable, Alias("eventflux.Actor")]
public sealed record Actor(
    [property: Id(0)] Guid Id,
    [property: Id(1)] UserRole? Role = null,
    [property: Id(2)] string? TraceId = null);
