using EventFlux.Contracts;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Faults;
using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>What became of a change of an event.</summary>
/// <param name="Event">The event as it is now; null where it was refused, or is gone.</param>
/// <param name="Problem">Why it was refused; null where it was done.</param>
internal readonly record struct EditedEvent(EventRow? Event, Problem? Problem);

/// <summary>Creates, changes and deletes events for whoever may: the API and the console alike. Bodies have been
/// validated, and whose event it is has been judged. Safe for concurrent use.</summary>
internal sealed class EventEditing(
    IGrainFactory grains, EventQueries events, CreatorNames names, TimeProvider time)
{
    /// <param name="asked">The id that the event gets; asked for again, it is not created a second time. Null: a new
    /// one.</param>
    public async Task<EditedEvent> CreateAsync(
        CreateEventRequest body, CurrentUser user, Actor by, Guid? asked, CancellationToken cancellationToken)
    {
        var id = asked ?? Guid.CreateVersion7(time.GetUtcNow());
        var status = body.Status is null ? EventStatus.Active : EventRules.Status(body.Status)!.Value;
        var command = new CreateEvent(
            body.ToDetails(), body.Capacity!.Value, status, user.Id, await names.OfAsync(user, cancellationToken), by);
        var (outcome, mayHaveActed) = await GrainCalls.CallAsync(
            () => grains.GetGrain<IEventGrain>(id).CreateAsync(command, CancellationToken.None), time,
            cancellationToken);
        if ((mayHaveActed || asked is not null) && outcome == CreateEventOutcome.AlreadyExists)
            outcome = CreateEventOutcome.Created;
        return Problems.Of(outcome) is { } problem
            ? new(null, problem)
            : new(await events.FindAsync(id, cancellationToken), null);
    }

    /// <param name="versions">The versions of the details that the change may build on; a null stands for any.</param>
    public async Task<EditedEvent> UpdateAsync(
        Guid id, UpdateEventRequest body, IEnumerable<long?> versions, Actor by, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IEventGrain>(id);
        var result = new UpdateEventResult(UpdateEventOutcome.VersionMismatch);
        foreach (var version in versions)
        {
            (result, var mayHaveActed) = await GrainCalls.CallAsync(
                () => grain.UpdateAsync(new(body.ToPatch(), version, by), CancellationToken.None), time,
                cancellationToken);
            // Whose change made the version stale, its own lost one or another's, can't be told.
            if (mayHaveActed && result.Outcome == UpdateEventOutcome.VersionMismatch)
                throw new ServiceUnavailableException("It is unknown whether the event was changed.");
            if (result.Outcome != UpdateEventOutcome.VersionMismatch) break;
        }

        if (Problems.Of(result) is { } problem) return new(null, problem);

        // Deleted between the two: gone is what it is now.
        var now = await events.FindAsync(id, cancellationToken);
        return new(now, now is null ? Problems.EventNotFound : null);
    }

    /// <returns>Why it was refused; null where the event is deleted.</returns>
    public async Task<Problem?> DeleteAsync(Guid id, Actor by, CancellationToken cancellationToken)
    {
        var (outcome, mayHaveActed) = await GrainCalls.CallAsync(
            () => grains.GetGrain<IEventGrain>(id).DeleteAsync(by, CancellationToken.None), time, cancellationToken);
        if (mayHaveActed && outcome == DeleteEventOutcome.EventNotFound) outcome = DeleteEventOutcome.Deleted;
        return Problems.Of(outcome);
    }
}
