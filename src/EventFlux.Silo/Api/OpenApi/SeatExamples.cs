using EventFlux.Contracts.Seats;

namespace EventFlux.Silo.Api.OpenApi;

/// <summary>Examples of seats and holds.</summary>
internal static class SeatExamples
{
    private static readonly Guid EventId = new("01970000-0000-7000-8000-000000000001");
    private static readonly Guid HoldId = new("01970000-0000-7000-8000-0000000000c1");
    private static readonly Guid UserId = new("01970000-0000-7000-8000-0000000000a1");
    private static readonly DateTimeOffset HeldAt = new(2030, 3, 1, 9, 30, 0, TimeSpan.Zero);

    private static readonly HoldResponse Hold = new(
        HoldId, EventId, UserId, 2, 45.00m, 90.00m, "GBP",
        [
            new("STALLS-C-11", "Stalls", "C", "11", 45.00m),
            new("STALLS-C-12", "Stalls", "C", "12", 45.00m),
        ],
        "open", HeldAt, HeldAt.AddMinutes(10), true);

    public static IReadOnlyList<object> All { get; } =
    [
        Hold,
        Examples.Page(Hold),
        new HoldRequest(BestAvailable: new(2, "STALLS", 60.00m)),
        new SeatPlanRequest(
            [
                new(
                    "STALLS", "Stalls", 45.00m,
                    [new("C", [new("11", 10, 30), new("12", 11, 30), new("13", 12, 30, "wheelchair")])]),
            ],
            new(11, 0)),
        new SeatMapResponse(
            EventId, 17, null, 3, 1, 1, 1, 0, "GBP", new(11, 0),
            [
                new(
                    "STALLS", "Stalls", 45.00m,
                    [
                        new(
                            "C",
                            [
                                new(new("11", new(10, 30), SeatKind.Standard)),
                                new(new("12", new(11, 30), SeatKind.Standard)),
                                new(new("13", new(12, 30), SeatKind.Wheelchair)),
                            ]),
                    ]),
            ],
            "HBA", null),
        new AvailabilityResponse(18, 17, 3, 0, 1, 2, 0, null, [new(2, "H")]),
        new BlockSeatsRequest(["STALLS-C-11"], "Camera"),
        new UnblockSeatsRequest(["STALLS-C-11"]),
    ];
}
