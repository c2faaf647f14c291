using System.Collections.Immutable;
using EventFlux.Contracts.Seats;
using EventFlux.Grains.Seats;

namespace EventFlux.Tests.Seats;

/// <summary>
/// A house as a drawing, front row first and the stage before its middle: '.' is a free seat, 'w' a free place for a
/// wheelchair, 'c' a free one for a companion, 'x' a seat that is sold, a space an aisle, '*' a seat that was chosen. A
/// line "= 30" begins a section with that price; before the first such line seats cost 10.
/// </summary>
internal static class DrawnHouse
{
    public static SeatMap Of(params string[] lines)
    {
        var map = new SeatMap(PlanOf(lines));
        var seat = 0;
        foreach (var mark in string.Concat(lines.Where(line => !IsSection(line))).Where(mark => mark != ' '))
        {
            if (mark == 'x') map.Set(seat, SeatState.Booked);
            seat++;
        }

        return map;
    }

    /// <summary>The drawing with the choice in it; the drawing's only line "nothing" without one.</summary>
    public static string[] Choice(SeatWish wish, params string[] lines)
    {
        if (BestAvailable.Choose(Of(lines), wish) is not { } chosen) return ["nothing"];
        var seat = 0;
        return [.. lines.Select(line => IsSection(line)
            ? line
            : string.Concat(line.Select(mark => mark != ' ' && chosen.Contains(seat++) ? '*' : mark)))];
    }

    private static SeatPlan PlanOf(string[] lines)
    {
        var sections = new List<SeatSection>();
        var (rows, price) = (new List<SeatRow>(), 10m);
        for (var y = 0; y < lines.Length; y++)
        {
            if (!IsSection(lines[y]))
            {
                rows.AddRange(RowsOf(lines[y], y));
                continue;
            }

            if (rows.Count > 0) sections.Add(SectionOf(sections.Count, price, rows));
            (rows, price) = ([], decimal.Parse(lines[y][1..], System.Globalization.CultureInfo.InvariantCulture));
        }

        sections.Add(SectionOf(sections.Count, price, rows));
        return new(new((lines.Max(line => line.Length) - 1) / 2.0, -2), [.. sections]);
    }

    private static SeatSection SectionOf(int number, decimal price, List<SeatRow> rows) =>
        new($"S{number}", $"Section {number}", price, [.. rows]);

    private static IEnumerable<SeatRow> RowsOf(string line, int y)
    {
        var seats = ImmutableArray.CreateBuilder<PlannedSeat>();
        for (var x = 0; x <= line.Length; x++)
        {
            if (x < line.Length && line[x] != ' ') seats.Add(new($"{x + 1}", new(x, y), KindOf(line[x])));
            else if (seats.Count > 0)
            {
                yield return new($"{y + 1}", seats.ToImmutable());
                seats.Clear();
            }
        }
    }

    private static SeatKind KindOf(char mark) => mark switch
    {
        'w' => SeatKind.Wheelchair,
        'c' => SeatKind.Companion,
        _ => SeatKind.Standard,
    };

    private static bool IsSection(string line) => line.StartsWith('=');
}
