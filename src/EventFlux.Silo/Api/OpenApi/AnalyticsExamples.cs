namespace EventFlux.Silo.Api.OpenApi;

/// <summary>Examples of reports and of what admins read and write. Their figures add up.</summary>
internal static class AnalyticsExamples
{
    private static readonly Guid EventId = new("01970000-0000-7000-8000-000000000001");
    private static readonly Guid UserId = new("01970000-0000-7000-8000-0000000000a1");
    private static readonly DateTimeOffset Earlier = new(2030, 3, 1, 9, 30, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = new(2030, 5, 1, 18, 30, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2030, 3, 1);
    private const string EventName = "Midnight Quartet: Blue Hours";
    private static readonly string[] Currencies = ["EUR", "GBP"];

    private static readonly BookingResponse Booking = new(
        new("01970000-0000-7000-8000-0000000000b1"), "EVT-7Q2M0V9KXB4TD", EventId, EventName, "The Cellar", Later,
        UserId, 2, 28.00m, 56.00m, "GBP", "confirmed", Earlier, null, null);

    private static readonly RankedEventResponse Ranked = new(
        1, EventId, EventName, "The Cellar", "music", Later, "active", 80, 3, 75, 93.75m, 28.00m, "GBP");

    private static readonly DayResponse Day = new(Today, 12, 25, 700.00m, 1, 56.00m, 3, 2, 1);

    private static readonly EventStatsResponse Stats = new(
        EventId, EventName, "active", 80, 75, 2, 3, 93.75m, 40, 3, 7.50m, "GBP", 2100.00m, 140.00m, 1, 9, 4, 2);

    private static readonly AdminUserResponse User = new(
        UserId, "ada.moss@shop.example", "Ada", "Moss", "user", Earlier, Earlier, 1);

    public static object[] All { get; } =
    [
        new RankingResponse([Ranked]),
        Stats,
        new PeriodResponse(
            Today.AddDays(-29), Today, 30, "GBP", Currencies, 40, 80, 2240.00m, 3, 7.50m, 140.00m, 2100.00m, 9, 4, 2),
        new DailyResponse("GBP", Currencies, [Day]),
        new DashboardResponse(
            "GBP", Currencies, new(1250), new(24, 18, 2, 1, 3), new(900, 855, 45, 1900), 49560.00m, 2520.00m, 5.00m,
            new(93.75m, 75, 80, [Ranked]), [Ranked], new(600, 180, 30.00m, 1.43m, null),
            [new TrendDayResponse(Today, 12, 25, 700.00m, 1, 56.00m, 8)],
            new(
                30, new(40, 32, 25.00m), new(80, 64, 25.00m), new(2240.00m, 0.00m, null), new(3, 4, -25.00m),
                new(110, 100, 10.00m))),
        new PageResponse<AdminUserResponse>([User], 1, 10, 1, 1, null),
        new AdminUserDetailsResponse(
            UserId, User.Email, User.FirstName, User.LastName, User.Role, Earlier, Earlier, 1, 1, [Booking]),
        new EventAnalyticsResponse(Stats, [Day], [Booking]),
        new SetRoleRequest("admin"),
    ];
}
