using EventFlux.Contracts.Seats;

namespace EventFlux.Silo.AdminConsole.Seats;

/// <summary>Seats side by side, as they are drawn.</summary>
/// <param name="Section">Index of its section.</param>
/// <param name="First">Index of its first seat in the house.</param>
/// <param name="Places">Of its seats, in the drawing's units.</param>
public sealed record DrawnRow(
    int Section, string Label, int First, IReadOnlyList<SeatPosition> Places, IReadOnlyList<SeatKind> Kinds)
{
    /// <summary>Rises when the row is to be drawn anew.</summary>
    public int Stamp { get; internal set; }

    /// <summary>How many seats it has.</summary>
    public int Count => Places.Count;

    /// <summary>Where its label stands: before the first seat, along the row.</summary>
    internal SeatPosition LabelPlace
    {
        get
        {
            var first = Places[0];
            var (x, y) = Count > 1 ? (first.X - Places[1].X, first.Y - Places[1].Y) : (-1, 0);
            var length = Math.Sqrt((x * x) + (y * y));
            return length > 0
                ? new(first.X + (x / length * SeatScale.Pitch), first.Y + (y / length * SeatScale.Pitch))
                : new(first.X - SeatScale.Pitch, first.Y);
        }
    }

    /// <summary>Rows are told apart by which they are.</summary>
    public bool Equals(DrawnRow? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => First;
}

/// <summary>A part of the house with one price, as it is drawn.</summary>
public sealed record DrawnSection(string Code, string Name, decimal Price, IReadOnlyList<DrawnRow> Rows)
{
    /// <summary>How many seats it has.</summary>
    public int Count { get; } = Rows.Sum(row => row.Count);

    internal SeatFrame Frame { get; } = SeatFrame.Around(Rows.SelectMany(row => row.Places));
}

/// <summary>A rectangle of the drawing.</summary>
internal readonly record struct SeatFrame(double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;

    public double Height => Bottom - Top;

    public static SeatFrame Around(IEnumerable<SeatPosition> places)
    {
        var frame = new SeatFrame(double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (var place in places) frame = frame.With(place);
        return frame;
    }

    public SeatFrame With(SeatPosition place) => new(
        Math.Min(Left, place.X), Math.Min(Top, place.Y), Math.Max(Right, place.X), Math.Max(Bottom, place.Y));

    public SeatFrame With(SeatFrame other) =>
        With(new SeatPosition(other.Left, other.Top)).With(new SeatPosition(other.Right, other.Bottom));
}
