using System.Collections.Immutable;

namespace EventFlux.Contracts.Seats;

/// <summary>Where an event's seats are and what they cost, as the organiser draws it. Whether a seat is free is not
/// part of it.</summary>
/// <param name="FocalPoint">What everybody looks at: the middle of the stage.</param>
[GenerateSerializer, Immutable, Alias("eventflux.SeatPlan")]
public sealed record SeatPlan(
    [property: Id(0)] SeatPosition FocalPoint,
    [property: Id(1)] ImmutableArray<SeatSection> Sections);

/// <summary>A point of the drawing, in units that the organiser chooses; y grows downwards.</summary>
[GenerateSerializer, Immutable, Alias("eventflux.SeatPosition")]
public readonly record struct SeatPosition([property: Id(0)] double X, [property: Id(1)] double Y);

/// <summary>A part of the house with one price.</summary>
/// <param name="Code">Short and unique in the plan: the first part of its seats' ids.</param>
/// <param name="Price">Of one seat, in the event's currency, two decimals.</param>
[GenerateSerializer, Immutable, Alias("eventflux.SeatSection")]
public sealed record SeatSection(
    [property: Id(0)] string Code,
    [property: Id(1)] string Name,
    [property: Id(2)] decimal Price,
    [property: Id(3)] ImmutableArray<SeatRow> Rows);

/// <summary>Seats side by side, in their order. A row that an aisle divides is two rows, which may have the same
/// label.</summary>
[GenerateSerializer, Immutable, Alias("eventflux.SeatRow")]
public sealed record SeatRow(
    [property: Id(0)] string Label,
    [property: Id(1)] ImmutableArray<PlannedSeat> Seats);

/// <summary>One seat. Its id is the section's code, the row's label and its number, joined by hyphens.</summary>
[GenerateSerializer, Immutable, Alias("eventflux.PlannedSeat")]
public readonly record struct PlannedSeat(
    [property: Id(0)] string Number,
    [property: Id(1)] SeatPosition Position,
    [property: Id(2)] SeatKind Kind);

/// <summary>Whom a seat is meant for.</summary>
public enum SeatKind
{
    Standard = 0,

    /// <summary>A place for a wheelchair.</summary>
    Wheelchair = 1,

    /// <summary>Beside a place for a wheelchair, for who comes along.</summary>
    Companion = 2,
}

/// <summary>Where a seat is in the sale.</summary>
public enum SeatState
{
    Available = 0,

    /// <summary>Set aside: for a checkout under way, or an offer to somebody who waited.</summary>
    Held = 1,

    Booked = 2,

    /// <summary>Kept out of the sale by the organiser.</summary>
    Blocked = 3,
}
