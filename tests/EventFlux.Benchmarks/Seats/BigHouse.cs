using System.Globalization;
using EventFlux.Contracts.Seats;

namespace EventFlux.Benchmarks.Seats;

/// <summary>An arena: blocks beside and behind each other, the stage before the middle of the first.</summary>
internal static class BigHouse
{
    public const int SeatsOfRow = 25;
    private const int BlocksAcross = 5;
    private const int BlocksDeep = 10;
    private const int RowsOfBlock = 40;
    private const double SeatWidth = 0.55;
    private const double RowDepth = 0.9;
    private const double Aisle = 1.5;

    public static int RowCount => BlocksAcross * BlocksDeep * RowsOfBlock;

    public static int Seats => RowCount * SeatsOfRow;

    public static SeatPlan Plan()
    {
        const double BlockWidth = (SeatsOfRow * SeatWidth) + Aisle;
        const double BlockDepth = (RowsOfBlock * RowDepth) + Aisle;
        var blocks = from deep in Enumerable.Range(0, BlocksDeep)
                     from across in Enumerable.Range(0, BlocksAcross)
                     let rows = Enumerable.Range(0, RowsOfBlock).Select(row =>
                         RowOf(row, across * BlockWidth, (deep * BlockDepth) + (row * RowDepth)))
                     select new SeatSection($"{deep}{across}", "", 50 - deep, [.. rows]);
        return new(new(BlocksAcross * BlockWidth / 2, -5), [.. blocks]);
    }

    private static SeatRow RowOf(int row, double x, double y) => new(
        row.ToString(CultureInfo.InvariantCulture),
        [
            .. Enumerable.Range(0, SeatsOfRow).Select(seat => new PlannedSeat(
                seat.ToString(CultureInfo.InvariantCulture), new(x + (seat * SeatWidth), y), KindOf(row, seat))),
        ]);

    /// <summary>At both ends of a block's first row somebody in a wheelchair finds place, and a companion.</summary>
    private static SeatKind KindOf(int row, int seat) => row > 0
        ? SeatKind.Standard
        : Math.Min(seat, SeatsOfRow - 1 - seat) switch
        {
            0 => SeatKind.Wheelchair,
            1 => SeatKind.Companion,
            _ => SeatKind.Standard,
        };
}
