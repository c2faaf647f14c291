namespace EventFlux.Grains.Seats;

/// <summary>Chooses seats for somebody who leaves the choice to the house.</summary>
internal static class BestAvailable
{
    /// <summary>The indices of the chosen seats, ascending; null when the wish can't be fulfilled.</summary>
    public static int[]? Choose(SeatMap map, SeatWish wish) => throw new NotSupportedException();
}
