using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Storage;

/// <summary>An event's seat plan.</summary>
/// <param name="Version">Changes with the plan.</param>
public sealed record StoredSeatPlan(long Version, SeatPlan Plan);

/// <summary>Reads seat plans.</summary>
public sealed class SeatQueries(Database database)
{
    private const string PlanOf = """
        SELECT p.version, p.plan FROM seat_plans p JOIN events e ON e.id = p.event_id
         WHERE p.event_id = $1 AND e.deleted_at IS NULL AND ($2 OR e.status <> 'draft')
        """;

    /// <summary>The event's plan; null where it has none, or isn't there.</summary>
    /// <param name="ofDrafts">Whether a draft's is shown, too.</param>
    public Task<StoredSeatPlan?> FindPlanAsync(
        Guid eventId, CancellationToken cancellationToken, bool ofDrafts = true) =>
        database.FirstAsync(
            batch => batch.Add(PlanOf).With(eventId).With(ofDrafts),
            row => new StoredSeatPlan(row.GetInt64(0), SeatJson.ParsePlan(row.GetString(1))), cancellationToken);
}
