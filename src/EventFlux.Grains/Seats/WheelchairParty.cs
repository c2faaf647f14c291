using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Seats;

/// <summary>Chooses for a party of which some come in wheelchairs. Few rows have places for those, and only they are
/// looked at, seat by seat; unless the party must be split and others of it sit elsewhere.</summary>
internal readonly struct WheelchairParty(SeatMap map, SectionRows[] sections)
{
    /// <summary>The indices of the chosen seats, ascending; null when the wish can't be fulfilled.</summary>
    public int[]? Choose(SeatWish wish)
    {
        if (wish.Wheelchairs > wish.Quantity) return null;
        var first = Window(wish);
        if (first >= 0) return [.. Enumerable.Range(first, wish.Quantity)];
        return wish.Together ? null : Split(wish);
    }

    /// <summary>The first of the best seats side by side, or -1. Among equally near ones, those with more places for
    /// companions.</summary>
    private int Window(SeatWish wish)
    {
        var best = (Stranded: 0, Distance: 0L, Standard: 0, First: -1);
        foreach (var section in sections)
        {
            foreach (var row in section.WithWheelchairs)
            {
                var (first, count) = map.Row(row);
                for (var start = first; start <= first + count - wish.Quantity; start++)
                {
                    if (!Fits(start, wish, out var standard)) continue;
                    var distance = 0L;
                    foreach (var one in map.Distances(start, wish.Quantity)) distance += one;
                    var found = (StrandedBy(row, start, wish.Quantity), distance, standard, start);
                    if (best.First < 0 || found.CompareTo(best) < 0) best = found;
                }
            }
        }

        return best.First;
    }

    private bool Fits(int start, SeatWish wish, out int standard)
    {
        (standard, var wheelchairs) = (0, 0);
        for (var seat = start; seat < start + wish.Quantity; seat++)
        {
            if (!map.IsFree(seat)) return false;
            if (map.KindOf(seat) == SeatKind.Wheelchair) wheelchairs++;
            if (map.KindOf(seat) == SeatKind.Standard) standard++;
        }

        return wheelchairs == wish.Wheelchairs;
    }

    /// <summary>
    /// Takes one piece of a row after the other: first those with places for wheelchairs, each with as many of the
    /// party as sit there; then the rest, all in one piece in the first one's section if they can. The largest piece,
    /// then the one that leaves the fewest alone, then the one nearest to the focal point, or to the first piece.
    /// </summary>
    private int[]? Split(SeatWish wish)
    {
        var taken = new List<int>(wish.Quantity);
        var (wheelchairs, others) = (wish.Wheelchairs, wish.Quantity - wish.Wheelchairs);
        while (wheelchairs + others > 0)
        {
            var (first, size) = Largest(wheelchairs, others, taken);
            if (size == 0) return null;
            for (var seat = first; seat < first + size; seat++)
            {
                taken.Add(seat);
                if (map.KindOf(seat) == SeatKind.Wheelchair) wheelchairs--;
                else others--;
            }
        }

        return [.. taken.Order()];
    }

    private (int First, int Size) Largest(int wheelchairs, int others, List<int> taken)
    {
        if (taken.Count == 0) return Largest(sections, wheelchairs, others, taken);
        // All who are left may find place in the first piece's section: no need to go through the whole house.
        var section = map[taken[0]].Section;
        var beside = Largest(Array.FindAll(sections, rows => rows.Section == section), wheelchairs, others, taken);
        return beside.Size == wheelchairs + others ? beside : Largest(sections, wheelchairs, others, taken);
    }

    private (int First, int Size) Largest(SectionRows[] searched, int wheelchairs, int others, List<int> taken)
    {
        var target = taken.Count == 0 ? map.Plan.FocalPoint : map[taken[0]].Planned.Position;
        var best = (Missing: 0, Stranded: 0, Distance: 0d, First: 0);
        foreach (var section in searched)
        {
            foreach (var row in wheelchairs > 0 ? section.WithWheelchairs : section.NearestFirst)
            {
                var (first, count) = map.Row(row);
                for (var start = first; start < first + count; start++)
                {
                    var size = SizeAt(start, first + count, wheelchairs, others, taken);
                    if (size == 0 || -size > best.Missing) continue;
                    var distance = 0d;
                    for (var seat = start; seat < start + size; seat++)
                        distance += map[seat].Planned.Position.DistanceTo(target);
                    var found = (-size, StrandedBy(row, start, size), distance, start);
                    if (found.CompareTo(best) < 0) best = found;
                }
            }
        }

        return (best.First, -best.Missing);
    }

    /// <summary>How many of those can sit from there on; 0 when some are in wheelchairs and none of them
    /// could.</summary>
    private int SizeAt(int start, int end, int wheelchairs, int others, List<int> taken)
    {
        var (atMost, seat) = (wheelchairs, start);
        for (; seat < end && map.IsFree(seat) && !taken.Contains(seat); seat++)
        {
            if ((map.KindOf(seat) == SeatKind.Wheelchair ? wheelchairs-- : others--) == 0) break;
        }

        return atMost > 0 && wheelchairs >= atMost ? 0 : seat - start;
    }

    private int StrandedBy(int row, int start, int quantity)
    {
        var (first, count) = map.Row(row);
        var (last, end) = (first + count - 1, start + quantity);
        var before = start > first && IsFreeStandard(start - 1) && (start - 1 == first || !map.IsFree(start - 2));
        var after = end <= last && IsFreeStandard(end) && (end == last || !map.IsFree(end + 1));
        return (before ? 1 : 0) + (after ? 1 : 0);
    }

    private bool IsFreeStandard(int seat) => map.IsFree(seat) && map.KindOf(seat) == SeatKind.Standard;
}
