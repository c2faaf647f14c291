using System.Collections.Immutable;

namespace EventFlux.Contracts.Seats;

/// <summary>What buyers may know of an event at one version, or what has changed since another.</summary>
/// <param name="Version">Rises with each commit of the event.</param>
/// <param name="Since">What the changes build on; -1 where <paramref name="States"/> is complete.</param>
/// <param name="PlanVersion">Changes with the seat plan; 0 where the event has none.</param>
/// <param name="States">The state of each seat in the order of the plan, a <see cref="SeatState"/> a byte; default
/// where <paramref name="Changes"/> tells what is new.</param>
[GenerateSerializer, Immutable, Alias("eventflux.AvailabilityNews")]
public sealed record AvailabilityNews(
    [property: Id(0)] long Version,
    [property: Id(1)] long Since,
    [property: Id(2)] long PlanVersion,
    [property: Id(3)] AvailabilityCounts Counts,
    [property: Id(4)] ImmutableArray<byte> States,
    [property: Id(5)] ImmutableArray<SeatChange> Changes)
{
    /// <summary>Where the version is of an event that isn't there.</summary>
    public const long NoEvent = 0;
}

/// <summary>Where an event's tickets are.</summary>
[GenerateSerializer, Immutable, Alias("eventflux.AvailabilityCounts")]
public readonly record struct AvailabilityCounts(
    [property: Id(0)] int Available,
    [property: Id(1)] int Booked,
    [property: Id(2)] int Held,
    [property: Id(3)] int Waiting);

/// <summary>A seat's new state.</summary>
/// <param name="Seat">Its place in the order of the plan.</param>
[GenerateSerializer, Immutable, Alias("eventflux.SeatChange")]
public readonly record struct SeatChange(
    [property: Id(0)] int Seat,
    [property: Id(1)] SeatState State);
