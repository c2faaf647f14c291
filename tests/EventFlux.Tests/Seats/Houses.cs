using System.Collections.Immutable;
using CsCheck;
using EventFlux.Contracts.Seats;
using EventFlux.Grains.Seats;

namespace EventFlux.Tests.Seats;

/// <summary>Random houses: small ones with all kinds of seats, some rows long, on a grid, so that many places are
/// equally near; random sales; random wishes.</summary>
internal static class Houses
{
    private static readonly Gen<SeatKind> Kind = Gen.Frequency(
        (12, Gen.Const(SeatKind.Standard)), (1, Gen.Const(SeatKind.Wheelchair)), (1, Gen.Const(SeatKind.Companion)));

    private static readonly Gen<SeatKind[]> Row = Gen.Frequency(
        (20, Kind.Array[0, 9]), (10, Gen.Const(SeatKind.Standard).Array[1, 9]),
        (1, Gen.Const(SeatKind.Standard).Array[60, 70]));

    private static readonly Gen<(SeatKind[][] Rows, int Price)> Section = Gen.Select(Row.Array[0, 7], Gen.Int[1, 3]);

    private static readonly Gen<SeatPosition> FocalPoint =
        Gen.Select(Gen.Int[-2, 10], Gen.Int[-3, 8], (x, y) => new SeatPosition(x / 2.0, y));

    public static readonly Gen<SeatPlan> Plan = Gen.Select(FocalPoint, Section.Array[1, 3], PlanOf);

    /// <summary>Anything from an empty to a full house, by a number for each seat.</summary>
    private static readonly Gen<(int Sold, int[] Dice)> Sale = Gen.Select(Gen.Int[0, 10], Gen.Int[0, 99].Array[64]);

    public static readonly Gen<SeatMap> Sold = Gen.Select(Plan, Sale, (plan, sale) =>
    {
        var map = new SeatMap(plan);
        for (var seat = 0; seat < map.Count; seat++)
        {
            var die = sale.Dice[seat % sale.Dice.Length];
            if (die % 10 < sale.Sold) map.Set(seat, (SeatState)(1 + (die / 10 % 3)));
        }

        return map;
    });

    public static readonly Gen<SeatWish> Wish = Gen.Select(
        Gen.Frequency((30, Gen.Int[1, 6]), (10, Gen.Int[7, 12]), (1, Gen.Int[58, 70])),
        Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 7])), Gen.Frequency((5, Gen.Const(0)), (1, Gen.Int[1, 3])),
        Gen.Frequency((5, Gen.Const(9)), (1, Gen.Int[1, 3])),
        Gen.Frequency((9, Gen.Const(false)), (1, Gen.Const(true))),
        (quantity, sections, wheelchairs, price, together) =>
            new SeatWish(quantity, SectionsOf(sections), price == 9 ? null : price, wheelchairs, together));

    /// <summary>A house's sections from the bits of a number; all for 0.</summary>
    private static ImmutableArray<int> SectionsOf(int bits) =>
        bits == 0 ? default : [.. Enumerable.Range(0, 3).Where(section => (bits & (1 << section)) != 0)];

    private static SeatPlan PlanOf(SeatPosition focalPoint, (SeatKind[][] Rows, int Price)[] sections)
    {
        var y = 0;
        return new(focalPoint, [.. sections.Select((section, number) => new SeatSection(
            $"S{number}", "", section.Price,
            [.. section.Rows.Select((kinds, row) => RowOf($"{row}", kinds, y++))]))]);
    }

    private static SeatRow RowOf(string label, SeatKind[] kinds, int y) => new(
        label, [.. kinds.Select((kind, x) => new PlannedSeat($"{x}", new(x, y), kind))]);
}
