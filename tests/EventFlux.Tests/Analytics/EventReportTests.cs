using EventFlux.Grains.Storage;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Analytics;

/// <summary>An event's figures and those of its days are of one instant.</summary>
public sealed class EventReportTests(PostgresServer server)
{
    private static readonly DateOnly Today = new(2030, 6, 15);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FiguresAndDays_WhileTheEventSells_AddUp()
    {
        await using var database = await server.CreateDatabaseAsync();
        var id = (await database.CreateEventsAsync(1, "EUR"))[0];
        var queries = new AnalyticsQueries(new(database.DataSource));
        using var done = new CancellationTokenSource();
        var selling = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested) await database.AddAsync(id, Today, bookings: 1);
        }, Token);

        var seen = new HashSet<long>();
        for (var read = 0; read < 500; read++)
        {
            var report = (await queries.EventReportAsync(id, DayRange.LastDays(Today, 3), Token))!;
            Assert.Equal(3, report.Days.Count);
            Assert.Equal(report.Stats.Figures.Bookings, report.Days.Sum(day => day.Figures.Bookings));
            Assert.All(report.Days, day => Assert.Equal("EUR", day.Currency));
            seen.Add(report.Stats.Figures.Bookings);
        }

        await done.CancelAsync();
        await selling;
        Assert.True(seen.Count > 20, $"{seen.Count} different reports");
        Assert.Null(await queries.EventReportAsync(Guid.NewGuid(), DayRange.LastDays(Today, 3), Token));
    }
}
