using System.Diagnostics;
using System.Globalization;
using System.Text;
using EventFlux.Contracts.Seats;

namespace EventFlux.Silo.AdminConsole.Seats;

/// <summary>How seats look and what they are called: each state has a shape of its own, not only a colour.</summary>
internal static class SeatShapes
{
    /// <summary>In their order as numbers.</summary>
    public static IReadOnlyList<SeatState> States { get; } =
        [SeatState.Available, SeatState.Held, SeatState.Booked, SeatState.Blocked];

    public static string ToWord(this SeatState state) => state switch
    {
        SeatState.Available => "available",
        SeatState.Held => "held",
        SeatState.Booked => "booked",
        SeatState.Blocked => "blocked",
        _ => throw new UnreachableException(),
    };

    /// <summary>The letter that stands on a seat; null for none.</summary>
    public static string? LetterOf(SeatKind kind) => kind switch
    {
        SeatKind.Wheelchair => "W",
        SeatKind.Companion => "C",
        _ => null,
    };

    /// <summary>The shape around a place as data of an SVG path; several can stand behind one another.</summary>
    public static string PathOf(SeatState state, SeatPosition place) =>
        new StringBuilder(48).AppendSeat(state, place).ToString();

    /// <inheritdoc cref="PathOf"/>
    public static StringBuilder AppendSeat(this StringBuilder path, SeatState state, SeatPosition place)
    {
        var (x, y) = place;
        return state switch
        {
            // A disc.
            SeatState.Available => path.Append(
                CultureInfo.InvariantCulture, $"M{x - 3.6:0.#} {y:0.#}a3.6 3.6 0 1 0 7.2 0 3.6 3.6 0 1 0-7.2 0"),
            // A diamond.
            SeatState.Held => path.Append(
                CultureInfo.InvariantCulture, $"M{x:0.#} {y - 4.4:0.#}l4.4 4.4-4.4 4.4-4.4-4.4z"),
            // A square.
            SeatState.Booked => path.Append(
                CultureInfo.InvariantCulture, $"M{x - 3.3:0.#} {y - 3.3:0.#}h6.6v6.6h-6.6z"),
            // A square that is crossed out.
            SeatState.Blocked => path.Append(
                CultureInfo.InvariantCulture,
                $"M{x - 3.3:0.#} {y - 3.3:0.#}h6.6v6.6h-6.6zl6.6 6.6m0-6.6l-6.6 6.6"),
            _ => throw new UnreachableException(),
        };
    }

    public static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
