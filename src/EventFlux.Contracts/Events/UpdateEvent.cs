namespace EventFlux.Contracts.Events;

/// <summary>Changes what is given and leaves the rest as it is. Who may do so is the caller's business to have
/// checked.</summary>
/// <param name="ExpectedDetailsVersion">When given, the update is refused unless the details are still at this
/// version.</param>
/// <param name="By">Who asks, for the audit log.</param>
[GenerateSerializer, Immutable, Alias("eventflux.UpdateEvent")]
public sealed record UpdateEvent(
    [property: Id(0)] EventPatch Patch,
    [property: Id(1)] long? ExpectedDetailsVersion = null,
    [property: Id(2)] Actor? By = null);

/// <summary>The members of an event that an update may set.</summary>
[GenerateSerializer, Immutable, Alias("eventflux.EventPatch")]
public sealed record EventPatch
{
    [Id(0)] public Optional<string> Name { get; init; }

    [Id(1)] public Optional<string?> Description { get; init; }

    [Id(2)] public Optional<string> Venue { get; init; }

    [Id(3)] public Optional<string?> Address { get; init; }

    [Id(4)] public Optional<DateTimeOffset> EventDate { get; init; }

    [Id(5)] public Optional<decimal> Price { get; init; }

    [Id(6)] public Optional<string> Currency { get; init; }

    [Id(7)] public Optional<string?> Category { get; init; }

    [Id(8)] public Optional<string?> ImageUrl { get; init; }

    /// <summary>Tickets in all; not below what is booked and held.</summary>
    [Id(9)] public Optional<int> Capacity { get; init; }

    /// <summary>Draft, active or cancelled. An event completes by itself.</summary>
    [Id(10)] public Optional<EventStatus> Status { get; init; }
}

/// <summary>The answer to <see cref="UpdateEvent"/>.</summary>
/// <param name="MinimumCapacity">Tickets booked and held: the least capacity possible, with
/// <see cref="UpdateEventOutcome.CapacityBelowBooked"/>.</param>
[GenerateSerializer, Immutable, Alias("eventflux.UpdateEventResult")]
public sealed record UpdateEventResult(
    [property: Id(0)] UpdateEventOutcome Outcome,
    [property: Id(1)] int MinimumCapacity = 0);

/// <summary>How <see cref="IEventGrain.UpdateAsync"/> ended. Every refusal leaves the event as it was.</summary>
public enum UpdateEventOutcome
{
    /// <summary>The change is in the database (or there was nothing to change).</summary>
    Updated = 0,

    /// <summary>No such event, or it was deleted.</summary>
    EventNotFound = 1,

    /// <summary>The details have moved on from the version that the caller named.</summary>
    VersionMismatch = 2,

    /// <summary>More tickets are booked and held than the capacity asked for.</summary>
    CapacityBelowBooked = 3,

    /// <summary>The event is cancelled or completed: status, date, capacity, price and currency are fixed.</summary>
    EventIsFinal = 4,

    /// <summary>The new date, or the date of a draft to be activated, is not in the future.</summary>
    DateNotInFuture = 5,

    /// <summary>The currency can't change once tickets were booked in the old one, or while they are held.</summary>
    CurrencyInUse = 6,

    /// <summary>The event has seats: capacity and price follow from their plan.</summary>
    FollowsFromPlan = 7,
}
