using System.Text.Json;
using EventFlux.Grains.Storage;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Maintenance;

/// <summary>What a sweep reads follows what is due, not how many events exist.</summary>
public sealed class SweepCostTests(PostgresServer server, ITestOutputHelper output)
{
    private const int Due = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public async Task Sweep_ReadsAboutWhatIsDue(int events)
    {
        await using var database = await server.CreateDatabaseAsync();
        await FillAsync(database.DataSource, events);

        var pastDate = await ReadAsync(database.DataSource, MaintenanceQueries.EventsPastTheirDate);
        var pastEnd = await ReadAsync(database.DataSource, MaintenanceQueries.OffersPastTheirEnd);

        output.WriteLine($"{events} events: {pastDate} event rows and {pastEnd} offer rows read for {Due} due of each");
        Assert.Equal((Due, Due), (pastDate.Found, pastEnd.Found));
        Assert.InRange(pastDate.Read, Due, Due + 2);
        Assert.InRange(pastEnd.Read, Due, Due + 2);
        Assert.InRange(pastDate.Pages, 1, 3 * Due);
        Assert.InRange(pastEnd.Pages, 1, 3 * Due);
    }

    [Fact]
    public async Task Find_GoesOnAfterTheLastPage_AndEnds()
    {
        await using var database = await server.CreateDatabaseAsync();
        await FillAsync(database.DataSource, 100);
        var queries = new MaintenanceQueries(new Database(database.DataSource));
        var now = TimeProvider.System.GetUtcNow();
        var seen = new List<Guid>();

        DueEvent? last = null;
        do
        {
            var page = await queries.FindEventsPastTheirDateAsync(now, last, limit: 3, Token);
            seen.AddRange(page.Select(due => due.EventId));
            last = page.Count == 3 ? page[^1] : null;
        }
        while (last is not null);

        Assert.Equal((Due, Due), (seen.Count, seen.Distinct().Count()));
    }

    /// <summary>Of the events, ten are past their date; of as many offers, ten are past their end.</summary>
    private static async Task FillAsync(NpgsqlDataSource database, int events)
    {
        await using var command = database.CreateCommand($"""
            INSERT INTO events (id, name, venue, event_date, price, currency, capacity, status, details_version,
                                created_by, created_by_name, created_at, updated_at)
            SELECT gen_random_uuid(), 'Event ' || n, 'Venue',
              now() + (n - {Due}) * interval '1 minute' - interval '1 second',
                   10, 'USD', 10, 'active', 1, gen_random_uuid(), 'Creator', now(), now()
              FROM generate_series(1, {events}) AS n;
            INSERT INTO event_inventory SELECT id, 1, capacity, 0, 9, 1, 0 FROM events;
            INSERT INTO waitlist_entries
              (id, event_id, user_id, sequence, quantity, status, joined_at, notified_at, expires_at)
            SELECT gen_random_uuid(), id, gen_random_uuid(), 1, 1, 'notified', now(), now(), event_date FROM events;
            ANALYZE;
            """);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static async Task<(int Found, int Read, int Pages)> ReadAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand($"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}");
        command.Parameters.Add(new() { Value = TimeProvider.System.GetUtcNow() });
        command.Parameters.Add(new() { Value = DateTimeOffset.UnixEpoch });
        command.Parameters.Add(new() { Value = Guid.Empty });
        command.Parameters.Add(new() { Value = 500 });
        var json = (string)(await command.ExecuteScalarAsync(Token))!;
        var plan = JsonDocument.Parse(json).RootElement[0].GetProperty("Plan");
        var found = plan.GetProperty("Actual Rows").GetInt32();
        var pages = plan.GetProperty("Shared Hit Blocks").GetInt32()
            + plan.GetProperty("Shared Read Blocks").GetInt32();
        return (found, Leaves(plan).Sum(RowsRead), pages);
    }

    private static IEnumerable<JsonElement> Leaves(JsonElement node) =>
        node.TryGetProperty("Plans", out var children) ? children.EnumerateArray().SelectMany(Leaves) : [node];

    private static int RowsRead(JsonElement scan) =>
        scan.GetProperty("Actual Rows").GetInt32()
        + (scan.TryGetProperty("Rows Removed by Filter", out var removed) ? removed.GetInt32() : 0);
}
