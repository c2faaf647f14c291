using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Seats;

/// <summary>
/// The seats of one event and where each is in the sale. A seat is known by its index: its place when the plan is read
/// from front to back. Owned by one event's inventory; not safe for concurrent use.
/// </summary>
internal sealed class SeatMap
{
    /// <summary>Distances are whole numbers, so that sums are exact and two seats as far from the middle are truly
    /// equal, whatever is added first.</summary>
    private const double FarthestDistance = 1L << 40;

    private readonly PlacedSeat[] _seats;
    private readonly byte[] _marks;
    private readonly long[] _distances;
    private readonly Dictionary<string, int> _byId;
    private readonly (int First, int Count)[] _rows;
    private readonly SectionRows[] _sections;

    /// <param name="plan">A plan in which no id stands twice.</param>
    public SeatMap(SeatPlan plan)
    {
        Plan = plan;
        var seats = new List<PlacedSeat>();
        var rows = new List<(int First, int Count)>();
        var firstRows = new int[plan.Sections.Length];
        for (var section = 0; section < plan.Sections.Length; section++)
        {
            firstRows[section] = rows.Count;
            foreach (var row in plan.Sections[section].Rows)
            {
                foreach (var seat in row.Seats)
                    seats.Add(new(IdOf(plan.Sections[section], row, seat), section, rows.Count, row.Label, seat));
                rows.Add((seats.Count - row.Seats.Length, row.Seats.Length));
            }
        }

        (_seats, _rows) = ([.. seats], [.. rows]);
        _marks = Array.ConvertAll(_seats, seat => SeatMark.Of(seat.Kind, SeatState.Available));
        LongestRow = rows.Select(row => row.Count).DefaultIfEmpty().Max();
        _distances = DistancesOf(_seats, plan.FocalPoint);
        _byId = new(_seats.Length, StringComparer.Ordinal);
        for (var seat = 0; seat < _seats.Length; seat++) _byId.Add(_seats[seat].Id, seat);
        _sections = [.. plan.Sections.Select((section, i) => RowsOf(i, firstRows[i], section.Rows.Length))];
        for (var section = 0; section < _sections.Length; section++)
            foreach (var row in _sections[section].NearestFirst) _sections[section].Refresh(this, row);
        SectionsNearestFirst = [.. _sections.OrderBy(section => section.NearestFirst.Select(Nearest).FirstOrDefault())];
    }

    public SeatPlan Plan { get; }

    public int Count => _seats.Length;

    public int RowCount => _rows.Length;

    /// <summary>Seats of the row that has the most.</summary>
    public int LongestRow { get; }

    public SectionRows[] SectionsNearestFirst { get; }

    /// <summary>What stands in the plan about a seat.</summary>
    public ref readonly PlacedSeat this[int seat] => ref _seats[seat];

    public static string IdOf(SeatSection section, SeatRow row, PlannedSeat seat) =>
        $"{section.Code}-{row.Label}-{seat.Number}";

    /// <summary>The seat with that id, or -1.</summary>
    public int Find(string id) => _byId.GetValueOrDefault(id, -1);

    /// <summary>The seats of a row, side by side: the first one's index, and how many there are.</summary>
    public (int First, int Count) Row(int row) => _rows[row];

    public SeatState StateOf(int seat) => SeatMark.StateOf(_marks[seat]);

    public SeatKind KindOf(int seat) => SeatMark.KindOf(_marks[seat]);

    public bool IsFree(int seat) => SeatMark.IsFree(_marks[seat]);

    public decimal PriceOf(int seat) => Plan.Sections[_seats[seat].Section].Price;

    public void Set(int seat, SeatState state)
    {
        var (wasFree, place) = (IsFree(seat), _seats[seat]);
        _marks[seat] = SeatMark.Of(place.Kind, state);
        if (wasFree != IsFree(seat)) _sections[place.Section].Refresh(this, place.Row);
    }

    public FreeRuns FreeRunsOf(int row)
    {
        var (first, count) = _rows[row];
        return new(first, _marks.AsSpan(first, count));
    }

    /// <summary>How far from the focal point seats are that follow one another, as parts of the farthest seat's
    /// distance.</summary>
    public ReadOnlySpan<long> Distances(int first, int count) => _distances.AsSpan(first, count);

    private static long[] DistancesOf(PlacedSeat[] seats, SeatPosition focalPoint)
    {
        var distances = Array.ConvertAll(seats, seat => seat.Planned.Position.DistanceTo(focalPoint));
        var farthest = distances.DefaultIfEmpty().Max();
        return Array.ConvertAll(
            distances, distance => farthest > 0 ? (long)Math.Round(distance / farthest * FarthestDistance) : 0);
    }

    private SectionRows RowsOf(int section, int firstRow, int count)
    {
        int[] rows = [.. Enumerable.Range(firstRow, count).OrderBy(Nearest)];
        return new(section, rows) { WithWheelchairs = [.. rows.Where(HasWheelchairs)] };
    }

    private long Nearest(int row)
    {
        var nearest = long.MaxValue;
        foreach (var distance in Distances(_rows[row].First, _rows[row].Count)) nearest = Math.Min(nearest, distance);
        return nearest;
    }

    private bool HasWheelchairs(int row) =>
        _seats.AsSpan(_rows[row].First, _rows[row].Count).ToArray().Any(seat => seat.Kind == SeatKind.Wheelchair);
}

/// <summary>A seat with its place in the house.</summary>
/// <param name="Section">Index in the plan's sections.</param>
/// <param name="Row">Index among all rows of the plan.</param>
internal readonly record struct PlacedSeat(string Id, int Section, int Row, string RowLabel, PlannedSeat Planned)
{
    public SeatKind Kind => Planned.Kind;
}

internal static class SeatPositions
{
    /// <summary>Straight, in the drawing's units.</summary>
    public static double DistanceTo(this SeatPosition from, SeatPosition to)
    {
        var (x, y) = (from.X - to.X, from.Y - to.Y);
        return Math.Sqrt((x * x) + (y * y));
    }
}
