using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Seats;

/// <summary>
/// The seats of one event and where each is in the sale. A seat is known by its index: its place when the plan is read
/// from front to back. Owned by one event's inventory; not safe for concurrent use.
/// </summary>
internal sealed class SeatMap
{
    private readonly PlacedSeat[] _seats;
    private readonly SeatState[] _states;
    private readonly Dictionary<string, int> _byId;
    private readonly (int First, int Count)[] _rows;

    /// <param name="plan">A plan in which no id stands twice.</param>
    public SeatMap(SeatPlan plan)
    {
        Plan = plan;
        var seats = new List<PlacedSeat>();
        var rows = new List<(int First, int Count)>();
        for (var section = 0; section < plan.Sections.Length; section++)
        {
            foreach (var row in plan.Sections[section].Rows)
            {
                foreach (var seat in row.Seats)
                    seats.Add(new(IdOf(plan.Sections[section], row, seat), section, rows.Count, row.Label, seat));
                rows.Add((seats.Count - row.Seats.Length, row.Seats.Length));
            }
        }

        (_seats, _rows, _states) = ([.. seats], [.. rows], new SeatState[seats.Count]);
        _byId = new(_seats.Length, StringComparer.Ordinal);
        for (var seat = 0; seat < _seats.Length; seat++) _byId.Add(_seats[seat].Id, seat);
    }

    public SeatPlan Plan { get; }

    public int Count => _seats.Length;

    public int RowCount => _rows.Length;

    /// <summary>What stands in the plan about a seat.</summary>
    public ref readonly PlacedSeat this[int seat] => ref _seats[seat];

    public static string IdOf(SeatSection section, SeatRow row, PlannedSeat seat) =>
        $"{section.Code}-{row.Label}-{seat.Number}";

    /// <summary>The seat with that id, or -1.</summary>
    public int Find(string id) => _byId.GetValueOrDefault(id, -1);

    /// <summary>The seats of a row, side by side: the first one's index, and how many there are.</summary>
    public (int First, int Count) Row(int row) => _rows[row];

    public SeatState StateOf(int seat) => _states[seat];

    public bool IsFree(int seat) => _states[seat] == SeatState.Available;

    public decimal PriceOf(int seat) => Plan.Sections[_seats[seat].Section].Price;

    public void Set(int seat, SeatState state) => _states[seat] = state;
}

/// <summary>A seat with its place in the house.</summary>
/// <param name="Section">Index in the plan's sections.</param>
/// <param name="Row">Index among all rows of the plan.</param>
internal readonly record struct PlacedSeat(string Id, int Section, int Row, string RowLabel, PlannedSeat Planned)
{
    public SeatKind Kind => Planned.Kind;
}
