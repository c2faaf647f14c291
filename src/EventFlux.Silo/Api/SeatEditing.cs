using System.Collections.Immutable;
using EventFlux.Contracts;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Faults;
using EventFlux.Contracts.Seats;
using EventFlux.Contracts.Users;
using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>Changes an event's seats for whoever may: the API and the console alike. Bodies have been validated, and
/// whose event it is has been judged. Safe for concurrent use.</summary>
internal sealed class SeatEditing(IGrainFactory grains, SeatQueries seats, TimeProvider time)
{
    /// <param name="versions">The versions of the event's details that the change may build on; a null stands for
    /// any.</param>
    /// <returns>Why it was refused; null where it is done.</returns>
    public async Task<Problem?> SetPlanAsync(
        Guid eventId, SeatPlanRequest body, IEnumerable<long?> versions, Actor by, CancellationToken cancellationToken)
    {
        var plan = body.CopyFrom is { } source
            ? (await seats.FindPlanAsync(source, cancellationToken, ofDrafts: by.Role == UserRole.Admin))?.Plan
            : body.ToPlan();
        if (plan is null) return Problems.Validation("copy_from", "is not an event with a seat plan");

        var result = new SeatPlanResult(SeatPlanOutcome.VersionMismatch);
        foreach (var version in versions)
        {
            (result, var mayHaveActed) = await GrainCalls.CallAsync(
                () => grains.GetGrain<IEventGrain>(eventId)
                    .SetSeatPlanAsync(new(plan, version, by), CancellationToken.None),
                time, cancellationToken);
            if (mayHaveActed && result.Outcome == SeatPlanOutcome.VersionMismatch)
                throw new ServiceUnavailableException("It is unknown whether the seats were changed.");
            if (result.Outcome != SeatPlanOutcome.VersionMismatch) break;
        }

        return Problems.Of(result);
    }

    /// <param name="reason">Null to put them back into the sale.</param>
    /// <returns>Why it was refused; null where it is done.</returns>
    public async Task<Problem?> BlockAsync(
        Guid eventId, ImmutableArray<string> seatIds, string? reason, Actor by, CancellationToken cancellationToken)
    {
        var (result, _) = await GrainCalls.CallAsync(
            () => grains.GetGrain<IEventGrain>(eventId)
                .BlockSeatsAsync(new(seatIds, reason, by), CancellationToken.None),
            time, cancellationToken);
        return Problems.Of(result);
    }
}
