using System.Text.Json;
using EventFlux.Contracts.Events;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Storage;

/// <summary>What a page of a list reads follows the page, not how many events there are.</summary>
public sealed class EventListCostTests(PostgresServer server, ITestOutputHelper output)
{
    private const int Few = 1_000;
    private const int Many = 20_000;

    /// <summary>As many days and categories either way.</summary>
    private const string Create = """
        INSERT INTO events (id, name, venue, event_date, price, currency, category, capacity, status, details_version,
                            created_by, created_by_name, created_at, updated_at)
        SELECT gen_random_uuid(),
               CASE WHEN n % 10 = 0 THEN 'Opera ' WHEN n <= 5 THEN 'Zither ' ELSE 'Event ' END || n, 'Venue',
               date_trunc('day', now(), 'UTC') + (1 + n % 200) * interval '1 day' + n * interval '1 second', n % 90,
               'USD', 'kind ' || n / 7 % 10, 1 + n % 500, 'active', 1, gen_random_uuid(), 'Creator', now(), now()
          FROM generate_series($1::integer, $2::integer) AS n
        """;

    private static readonly DateTimeOffset Tomorrow =
        new(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);

    private static readonly (string Name, EventFilter Filter, PageRequest Page)[] Lists =
    [
        ("first page", new(EventStatus.Active), new(1, 10)),
        ("fifth page by price, falling", new(EventStatus.Active, Order: EventOrder.Price, Descending: true),
            new(5, 10)),
        ("by name", new(EventStatus.Active, Order: EventOrder.Name), new(1, 10)),
        ("by capacity", new(EventStatus.Active, Order: EventOrder.Capacity), new(1, 10)),
        ("one category", new(EventStatus.Active, Category: "Kind 7"), new(1, 10)),
        ("available in a category from a day on", new(
            EventStatus.Active, Category: "kind 7", DateFrom: Tomorrow.AddDays(30), AvailableOnly: true), new(1, 10)),
        ("between two days", new(
            EventStatus.Active, DateFrom: Tomorrow.AddDays(30), DateBefore: Tomorrow.AddDays(90)), new(1, 10)),
        ("every status", new(Status: null), new(1, 10)),
        ("drafts, of which there are none", new(EventStatus.Draft), new(1, 10)),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_OfTwentyTimesTheEvents_ReadsTwiceTheBlocksAtMost()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var silo = NpgsqlDataSource.Create(SiloLogin.AsSilo(database.ConnectionString).ConnectionString);
        await FillAsync(database, 1, Few);
        var few = await ReadAllAsync(silo);
        await FillAsync(database, Few + 1, Many);
        var many = await ReadAllAsync(silo);

        foreach (var ((name, less), (_, more)) in few.Zip(many))
        {
            output.WriteLine($"{name}: {less} blocks of {Few} events, {more} of {Many}");
            // Small tables are read whole where one look at an index would do; trees are a level deeper.
            Assert.True(more <= (2 * less) + 20, $"{name}: {less} blocks of {Few} events, {more} of {Many}");
        }
    }

    [Theory]
    [InlineData(100_000, 1_000_000, 1, true)]
    [InlineData(5, 1_000_000, 1, false)]
    [InlineData(0, 1_000_000, 1, false)]
    [InlineData(0, 0, 1, false)]
    [InlineData(100, 1_000, 1, false)]
    [InlineData(5_000, 1_000_000, 1, true)]
    [InlineData(5_000, 1_000_000, 5, false)]
    public void Search_TakesTheWayThatReadsLess(long matches, long events, int page, bool looksThrough) =>
        Assert.Equal(looksThrough, new EventMatches(matches, events).FavourLookingThrough(new(page, 10)));

    [Theory]
    [InlineData(7, 1, 10, true, 11)] // More follows, so there are more than were counted a moment ago.
    [InlineData(70, 1, 10, true, 70)]
    [InlineData(70, 2, 3, false, 13)] // The last page.
    [InlineData(70, 9, 0, false, 70)] // Behind the end.
    [InlineData(70, 1, 0, false, 0)]
    public void TotalOfASearch_FitsThePage(long counted, int page, int items, bool goesOn, long total) =>
        Assert.Equal(total, new EventMatches(counted, 1_000).TotalOn(
            new Page<int>(new int[items], new(page, 10), null, goesOn ? "place" : null)));

    private static async Task FillAsync(TestDatabase database, int first, int last)
    {
        await database.ExecuteAsync(Create, first, last);
        await database.ExecuteAsync("""
            INSERT INTO event_inventory SELECT id, 1, capacity, capacity, 0, 0, 0 FROM events
             WHERE id NOT IN (SELECT event_id FROM event_inventory)
            """);
        await database.ScalarAsync<int>("SELECT sum_up_events(2147483647)");
        await database.ExecuteAsync("VACUUM ANALYZE");
    }

    /// <summary>Searches by the way that is taken when there are many.</summary>
    private static async Task<List<(string Name, int Blocks)>> ReadAllAsync(NpgsqlDataSource silo)
    {
        var read = new List<(string, int)>();
        foreach (var (name, filter, page) in Lists)
            read.Add((name, await BlocksAsync(silo, filter, page, EventQueries.ListOf)));
        read.Add(("search of a word in a tenth", await SearchAsync("opera", lookThrough: true)));
        read.Add(("search of a word in five", await SearchAsync("zither", lookThrough: false)));
        return read;

        Task<int> SearchAsync(string words, bool lookThrough) => BlocksAsync(
            silo, new(EventStatus.Active, Search: words), new(1, 10),
            (filter, parameters) => EventQueries.SearchOf(filter, lookThrough, parameters));
    }

    /// <summary>Of all statements of the page.</summary>
    private static async Task<int> BlocksAsync(
        NpgsqlDataSource silo, EventFilter filter, PageRequest page,
        Func<EventFilter, List<Action<NpgsqlBatchCommand>>, ListQuery> listOf)
    {
        await using var connection = await silo.OpenConnectionAsync(Token);
        await using var batch = new NpgsqlBatch(connection);
        var parameters = new List<Action<NpgsqlBatchCommand>>();
        listOf(filter, parameters).Prepare(batch, command => parameters.ForEach(add => add(command)), page);
        foreach (var command in batch.BatchCommands)
            command.CommandText = $"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {command.CommandText}";
        await using var reader = await batch.ExecuteReaderAsync(Token);
        var blocks = 0;
        do
        {
            await reader.ReadAsync(Token);
            var plan = JsonDocument.Parse(reader.GetString(0)).RootElement[0].GetProperty("Plan");
            blocks += plan.GetProperty("Shared Hit Blocks").GetInt32()
                + plan.GetProperty("Shared Read Blocks").GetInt32();
        }
        while (await reader.NextResultAsync(Token));
        return blocks;
    }
}
