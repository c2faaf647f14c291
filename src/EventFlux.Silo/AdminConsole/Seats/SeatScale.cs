using EventFlux.Contracts.Seats;

namespace EventFlux.Silo.AdminConsole.Seats;

/// <summary>Turns an organiser's units into the drawing's, in which neighbours are <see cref="Pitch"/> apart: seats
/// then have one size, whatever the units are.</summary>
internal sealed class SeatScale
{
    public const double Pitch = 10;

    private readonly double _factor;

    public SeatScale(SeatPlan plan)
    {
        var beside = new List<double>();
        var behind = new List<double>();
        foreach (var section in plan.Sections)
        {
            for (var row = 0; row < section.Rows.Length; row++)
            {
                var seats = section.Rows[row].Seats;
                for (var seat = 1; seat < seats.Length; seat++)
                    Add(beside, Distance(seats[seat - 1].Position, seats[seat].Position));
                if (row == 0) continue;
                var middle = seats[seats.Length / 2].Position;
                Add(behind, section.Rows[row - 1].Seats.Min(other => Distance(other.Position, middle)));
            }
        }

        double[] pitches = [.. new[] { beside, behind }.Where(some => some.Count > 0).Select(LowerQuartile)];
        _factor = pitches.Length == 0 ? 1 : Pitch / pitches.Min();
    }

    public SeatPosition Of(SeatPosition place) => new(place.X * _factor, place.Y * _factor);

    private static void Add(List<double> distances, double distance)
    {
        if (distance > 0) distances.Add(distance);
    }

    /// <summary>Of most neighbours none is nearer: a few that are don't make all seats tiny.</summary>
    private static double LowerQuartile(List<double> distances)
    {
        distances.Sort();
        return distances[distances.Count / 4];
    }

    private static double Distance(SeatPosition from, SeatPosition to) =>
        Math.Sqrt(((from.X - to.X) * (from.X - to.X)) + ((from.Y - to.Y) * (from.Y - to.Y)));
}
