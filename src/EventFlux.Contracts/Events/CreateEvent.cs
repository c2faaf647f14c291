namespace EventFlux.Contracts.Events;

/// <summary>Brings an event into being. The grain's key becomes its id.</summary>
/// <param name="Capacity">Tickets in all, 1 or more.</param>
/// <param name="Status"><see cref="EventStatus.Draft"/> or <see cref="EventStatus.Active"/>.</param>
/// <param name="CreatedByName">The creator's name as it was then; kept with the event.</param>
/// <param name="By">Who asks; the creator when left out.</param>
[GenerateSerializer, Immutable, Alias("eventflux.CreateEvent")]
public sealed record CreateEvent(
    [property: Id(0)] EventDetails Details,
    [property: Id(1)] int Capacity,
    [property: Id(2)] EventStatus Status,
    [property: Id(3)] Guid CreatedBy,
    [property: Id(4)] string CreatedByName,
    [property: Id(5)] Actor? By = null);

/// <summary>How <see cref="IEventGrain.CreateAsync"/> ended.</summary>
public enum CreateEventOutcome
{
    /// <summary>The event is in the database.</summary>
    Created = 0,

    /// <summary>An event with this id exists already; nothing was changed.</summary>
    AlreadyExists = 1,

    /// <summary>The event's date is not in the future; nothing was changed.</summary>
    DateNotInFuture = 2,
}
