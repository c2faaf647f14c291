using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Properties;
using EventFlux.Tests.Storage;

namespace EventFlux.Tests.Seats;

/// <summary>Random sales of a small house: in memory, and on the real tables.</summary>
public sealed class SeatedProperties(PostgresServer server)
{
    private const int Histories = 400;
    private const int HistoriesOnTables = 12;
    private const int Commands = 150;

    [Fact]
    public void AnySale_GivesEachSeatToOne_AndPassesNobodyOver()
    {
        var first = Random.Shared.Next();
        Parallel.For(0, Histories, index =>
        {
            var seed = first + index;
            Run(seed, () => new SeatedRun(seed, new RowStore()));
        });
    }

    [Fact]
    public async Task AnySale_IsInTheTablesWhatItIsInMemory()
    {
        await using var database = await server.CreateDatabaseAsync();
        var first = Random.Shared.Next();
        for (short number = 0; number < HistoriesOnTables; number++)
        {
            var (seed, own) = (first + number, number);
            Run(seed, () => new SeatedRun(seed, new PostgresRowStore(database.DataSource), own));
        }

        await VerifiedDatabase.AssertNoDifferenceAsync(database.DataSource);
    }

    private static void Run(int seed, Func<SeatedRun> begin)
    {
        try
        {
            begin().Do(Commands);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"seed {seed}", fault);
        }
    }
}
