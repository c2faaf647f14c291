using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Seats;

/// <summary>Looks for the nearest few free runs of one length.</summary>
/// <param name="most">How many, 1 or more.</param>
internal readonly struct RunSearch(SeatMap map, int length, int most)
{
    private readonly ulong _lengths = SectionRows.Exactly(length);

    /// <summary>Nearest first.</summary>
    public List<PartPlace> Found { get; } = new(most);

    public void Visit(SectionRows rows, int node)
    {
        var farthest = Found.Count < most ? long.MaxValue - 1 : Found[^1].Distance;
        if (!rows.MayHold(node, _lengths, farthest)) return;
        if (rows.RowAt(node) is >= 0 and var row)
        {
            foreach (var run in map.FreeRunsOf(row))
                if (run.Length == length) Add(PartPlace.Of(map, run));
            return;
        }

        Visit(rows, 2 * node);
        Visit(rows, (2 * node) + 1);
    }

    private void Add(PartPlace place)
    {
        var at = ~Found.BinarySearch(place);
        if (at == most) return;
        if (Found.Count == most) Found.RemoveAt(most - 1);
        Found.Insert(at, place);
    }
}

/// <summary>A run where a part of a party might sit; comes before those that are farther.</summary>
/// <param name="Distance">Of its middle seat, as <see cref="SeatMap.Distances"/> tells it.</param>
/// <param name="Position">Of its middle seat.</param>
/// <param name="FromFocalPoint">How far its middle seat is, in the drawing's units.</param>
internal readonly record struct PartPlace(FreeRun Run, long Distance, SeatPosition Position, double FromFocalPoint)
    : IComparable<PartPlace>
{
    public static PartPlace Of(SeatMap map, FreeRun run)
    {
        var middle = run.First + (run.Length / 2);
        var position = map[middle].Planned.Position;
        return new(run, map.Distances(middle, 1)[0], position, position.DistanceTo(map.Plan.FocalPoint));
    }

    public int CompareTo(PartPlace other) => (Distance, Run.First).CompareTo((other.Distance, other.Run.First));
}
