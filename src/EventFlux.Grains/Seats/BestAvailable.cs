namespace EventFlux.Grains.Seats;

/// <summary>
/// Chooses seats for somebody who leaves the choice to the house: side by side when there is any such place; then where
/// nobody else's seat is left alone; then as near to the focal point as can be, by the sum of the seats' distances.
/// <para>
/// Each section keeps its rows in a tree that knows which lengths of free runs are where, and how near. The search
/// goes down only where a run of a fitting length is, and only as long as it may find something nearer than it has; so
/// its cost hardly depends on the size of the house. The lengths also say where nobody is left alone: in a run that is
/// taken whole, or of which two seats or more stay. Only when the house has no such run, others will do.
/// </para>
/// Reads the map alone: the same map and wish make the same choice.
/// </summary>
internal static class BestAvailable
{
    /// <summary>The indices of the chosen seats, ascending; null when the wish can't be fulfilled.</summary>
    public static int[]? Choose(SeatMap map, SeatWish wish)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(wish.Quantity);
        ArgumentOutOfRangeException.ThrowIfNegative(wish.Wheelchairs);
        var sections = Fitting(map, wish);
        if (wish.Wheelchairs > 0) return new WheelchairParty(map, sections).Choose(wish);
        var first = Nearest(map, sections, wish.Quantity, mayLeaveAlone: false);
        if (first < 0) first = Nearest(map, sections, wish.Quantity, mayLeaveAlone: true);
        if (first >= 0) return [.. Enumerable.Range(first, wish.Quantity)];
        return wish.Together ? null : SplitParty.Choose(map, sections, wish.Quantity);
    }

    private static SectionRows[] Fitting(SeatMap map, SeatWish wish)
    {
        if (wish.Sections.IsDefault && wish.MaxPrice is null) return map.SectionsNearestFirst;
        var isWished = new bool[map.Plan.Sections.Length];
        if (wish.Sections.IsDefault) Array.Fill(isWished, true);
        else foreach (var section in wish.Sections) isWished[section] = true;
        return Array.FindAll(
            map.SectionsNearestFirst,
            rows => isWished[rows.Section] && (wish.MaxPrice is not { } most
                                               || map.Plan.Sections[rows.Section].Price <= most));
    }

    private static int Nearest(SeatMap map, SectionRows[] sections, int quantity, bool mayLeaveAlone)
    {
        var search = new WindowSearch(map, quantity, mayLeaveAlone);
        foreach (var section in sections) search.Visit(section, SectionRows.Root);
        return search.First;
    }
}
