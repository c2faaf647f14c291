using System.Collections.Immutable;

namespace EventFlux.Grains.Seats;

/// <summary>What somebody wants who leaves the choice of seats to the house.</summary>
/// <param name="Quantity">Seats in all, 1 or more.</param>
/// <param name="Sections">Indices of the plan's sections that will do; default for all.</param>
/// <param name="MaxPrice">Of one seat; null for any.</param>
/// <param name="Wheelchairs">How many of the seats are places for wheelchairs; 0 means that none may be.</param>
/// <param name="Together">Side by side in one row, or none at all.</param>
internal sealed record SeatWish(
    int Quantity,
    ImmutableArray<int> Sections = default,
    decimal? MaxPrice = null,
    int Wheelchairs = 0,
    bool Together = false);
