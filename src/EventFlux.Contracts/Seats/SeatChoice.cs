using System.Collections.Immutable;

namespace EventFlux.Contracts.Seats;

/// <summary>Which seats somebody wants: those that are named, or the best that are available.</summary>
/// <param name="SeatIds">Exactly these; default to leave the choice to the event.</param>
/// <param name="Sections">Codes of the sections that will do; default for all. As <paramref name="MaxPrice"/> and
/// the rest, of a choice that is left to the event.</param>
/// <param name="MaxPrice">Of one seat; null for any.</param>
/// <param name="Wheelchairs">How many of them are to be places for wheelchairs.</param>
/// <param name="Together">Side by side in one row, or none at all.</param>
[GenerateSerializer, Immutable, Alias("eventflux.SeatChoice")]
public sealed record SeatChoice(
    [property: Id(0)] ImmutableArray<string> SeatIds = default,
    [property: Id(1)] ImmutableArray<string> Sections = default,
    [property: Id(2)] decimal? MaxPrice = null,
    [property: Id(3)] int Wheelchairs = 0,
    [property: Id(4)] bool Together = false);
