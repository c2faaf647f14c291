using System.Collections.Immutable;

namespace EventFlux.Contracts.Seats;

/// <summary>Gives the event a seat plan, or another one. Who may do so is the caller's business to have checked; so is
/// that no id stands twice.</summary>
/// <param name="ExpectedDetailsVersion">When given, refused unless the event's details are still at this
/// version.</param>
[GenerateSerializer, Immutable, Alias("eventflux.SetSeatPlan")]
public sealed record SetSeatPlan(
    [property: Id(0)] SeatPlan Plan,
    [property: Id(1)] long? ExpectedDetailsVersion = null,
    [property: Id(2)] Actor? By = null);

/// <summary>Takes seats out of the sale, or back into it.</summary>
/// <param name="Reason">Why they are out of it; null to put them back.</param>
[GenerateSerializer, Immutable, Alias("eventflux.BlockSeats")]
public sealed record BlockSeats(
    [property: Id(0)] ImmutableArray<string> SeatIds,
    [property: Id(1)] string? Reason,
    [property: Id(2)] Actor? By = null);

/// <summary>The answer to <see cref="SetSeatPlan"/> and <see cref="BlockSeats"/>.</summary>
/// <param name="Seats">Ids of the seats that stand in the way, with <see cref="SeatPlanOutcome.SeatsInUse"/> and
/// <see cref="SeatPlanOutcome.UnknownSeats"/>.</param>
[GenerateSerializer, Immutable, Alias("eventflux.SeatPlanResult")]
public sealed record SeatPlanResult(
    [property: Id(0)] SeatPlanOutcome Outcome,
    [property: Id(1)] ImmutableArray<string> Seats = default);

/// <summary>How a change of an event's seats ended. Every refusal leaves them as they were.</summary>
public enum SeatPlanOutcome
{
    /// <summary>The change is in the database (or there was nothing to change).</summary>
    Changed = 0,

    /// <summary>No such event, or it was deleted.</summary>
    EventNotFound = 1,

    /// <summary>The event is cancelled or completed.</summary>
    EventIsFinal = 2,

    /// <summary>The details have moved on from the version that the caller named.</summary>
    VersionMismatch = 3,

    /// <summary>Some of the seats are held or booked.</summary>
    SeatsInUse = 4,

    /// <summary>Tickets without seats are booked or held: a plan came too late.</summary>
    TicketsInUse = 5,

    /// <summary>The event has no seat plan.</summary>
    NoPlan = 6,

    /// <summary>The plan has no such seats.</summary>
    UnknownSeats = 7,

    /// <summary>No seat would be left in the sale.</summary>
    NothingLeft = 8,
}
