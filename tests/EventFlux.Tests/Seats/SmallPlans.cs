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

    private static SeatRow Row(string label, int y, int from, int seats) => new(
        label,
        [
            .. Enumerable.Range(from + 1, seats).Select(number => new PlannedSeat(
                $"{number}", new(number, y),
                (label, number) == ("1", 6) ? SeatKind.Wheelchair : SeatKind.Standard)),
        ]);
}
