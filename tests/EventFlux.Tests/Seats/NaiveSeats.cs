using EventFlux.Contracts.Seats;
using EventFlux.Grains.Seats;

namespace EventFlux.Tests.Seats;

/// <summary>The rules of best available as plainly as they are spoken: every place in the house is looked at and
/// judged. Knows the map's plan and states alone.</summary>
internal sealed class NaiveSeats(SeatMap map, SeatWish wish)
{
    private readonly SeatMap _map = map;

    /// <summary>Seats side by side, and how good they are; less is better.</summary>
    public sealed record Place(int First, int Stranded, double[] Distances, int Standard)
    {
        public double Distance { get; } = Distances.Sum();
    }

    public bool Fits(int seat)
    {
        var place = _map[seat];
        return _map.StateOf(seat) == SeatState.Available
               && (wish.Sections.IsDefault || wish.Sections.Contains(place.Section))
               && (wish.MaxPrice is null || _map.Plan.Sections[place.Section].Price <= wish.MaxPrice)
               && (wish.Wheelchairs > 0 || place.Kind == SeatKind.Standard);
    }

    public bool AreEnough()
    {
        var free = Enumerable.Range(0, _map.Count).Where(Fits).ToArray();
        var wheelchairs = free.Count(IsWheelchair);
        return wheelchairs >= wish.Wheelchairs && free.Length - wheelchairs >= wish.Quantity - wish.Wheelchairs;
    }

    public IEnumerable<Place> Places()
    {
        for (var first = 0; first + wish.Quantity <= _map.Count; first++)
        {
            var seats = Enumerable.Range(first, wish.Quantity).ToArray();
            if (seats.All(Fits) && _map[first].Row == _map[seats[^1]].Row
                && seats.Count(IsWheelchair) == wish.Wheelchairs)
                yield return Judge(seats);
        }
    }

    public Place Judge(int[] seats) => new(
        seats[0], Stranded(seats), [.. seats.Select(DistanceOf).Order()],
        seats.Count(seat => _map[seat].Kind == SeatKind.Standard));

    private double DistanceOf(int seat)
    {
        var (position, focus) = (_map[seat].Planned.Position, _map.Plan.FocalPoint);
        return Math.Sqrt(Math.Pow(position.X - focus.X, 2) + Math.Pow(position.Y - focus.Y, 2));
    }

    /// <summary>Free standard seats that have company now, and no longer when those are taken.</summary>
    public int Stranded(int[] taken) => Enumerable.Range(0, _map.Count).Count(seat =>
        _map[seat].Kind == SeatKind.Standard && _map.IsFree(seat) && !taken.Contains(seat)
        && HasCompany(seat, []) && !HasCompany(seat, taken));

    /// <summary>Seats that follow one another in a row, as one.</summary>
    public List<int[]> PartsOf(int[] seats)
    {
        var parts = new List<int[]>();
        foreach (var seat in seats)
        {
            if (parts is [.., [.., var last]] && last == seat - 1 && _map[last].Row == _map[seat].Row)
                parts[^1] = [.. parts[^1], seat];
            else parts.Add([seat]);
        }

        return parts;
    }

    /// <summary>The fewest parts, and the fewest seats left alone by as many; with no part of one seat if that can
    /// be.</summary>
    public (int Parts, bool HasSingle, int Stranded) BestSplit()
    {
        var (any, noSingle) = (Splits(leastPart: 1), Splits(leastPart: 2));
        var parts = Enumerable.Range(1, wish.Quantity).First(count => any.ContainsKey((count, wish.Quantity)));
        return noSingle.TryGetValue((parts, wish.Quantity), out var stranded)
            ? (parts, false, stranded)
            : (parts, true, any[(parts, wish.Quantity)]);
    }

    /// <summary>With how many parts how many seats can be had, and how many seats that leaves alone at least.</summary>
    private Dictionary<(int Parts, int Seats), int> Splits(int leastPart)
    {
        var splits = new Dictionary<(int Parts, int Seats), int> { [(0, 0)] = 0 };
        foreach (var run in PartsOf([.. Enumerable.Range(0, _map.Count).Where(Fits)]))
        {
            var ways = (from size in Enumerable.Range(leastPart, Math.Max(0, run.Length - leastPart + 1))
                        from start in Enumerable.Range(0, run.Length - size + 1)
                        group Stranded(run[start..(start + size)]) by size).ToDictionary(g => g.Key, g => g.Min());
            foreach (var ((parts, seats), before) in splits.ToArray())
            {
                foreach (var (size, stranded) in ways.Where(way => seats + way.Key <= wish.Quantity))
                {
                    var after = (parts + 1, seats + size);
                    splits[after] = Math.Min(splits.GetValueOrDefault(after, int.MaxValue), before + stranded);
                }
            }
        }

        return splits;
    }

    private bool IsWheelchair(int seat) => _map[seat].Kind == SeatKind.Wheelchair;

    private bool HasCompany(int seat, int[] taken) => new[] { seat - 1, seat + 1 }.Any(beside =>
        beside >= 0 && beside < _map.Count && _map[beside].Row == _map[seat].Row && _map.IsFree(beside)
        && !taken.Contains(beside));
}
