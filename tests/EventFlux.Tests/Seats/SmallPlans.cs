using EventFlux.Contracts.Seats;

namespace EventFlux.Tests.Seats;

/// <summary>Seat plans for tests.</summary>
internal static class SmallPlans
{
    /// <summary>Two sections, A dearer than B, with an aisle and a place for a wheelchair. The variants have some seats
    /// in common and some of their own.</summary>
    public static SeatPlan Small(int variant = 0, int price = 30) => new(
        new(5, 0),
        [
            new("A", "Stalls", price, [Row("1", 1, 0, 6), Row("2", 2, 0, 3), Row("2", 2, 4, 3)]),
            new("B", "Balcony", price / 2m, [Row("1", 5, 0, variant == 1 ? 4 : 7), Row($"{2 + variant}", 6, 0, 5)]),
        ]);

    /// <summary>Rows of that many seats, in one section "A".</summary>
    public static SeatPlan Plain(int rows, int seats, decimal price = 10m) => new(
        new(seats / 2.0, 0),
        [new("A", "Hall", price, [.. Enumerable.Range(1, rows).Select(row => Row($"{row}", row, 0, seats, false))])]);

    private static SeatRow Row(string label, int y, int from, int seats, bool hasWheelchair = true) => new(
        label,
        [
            .. Enumerable.Range(from + 1, seats).Select(number => new PlannedSeat(
                $"{number}", new(number, y),
                hasWheelchair && (label, number) == ("1", 6) ? SeatKind.Wheelchair : SeatKind.Standard)),
        ]);
}
