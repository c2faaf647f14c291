using EventFlux.Grains.Storage;
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
        var store = new EventStore(database.DataSource, new Database(database.DataSource));
        var first = Random.Shared.Next();
        // Several at a time, so that their commits share transactions.
        await Parallel.ForAsync(
            0, HistoriesOnTables, new ParallelOptions { MaxDegreeOfParallelism = 6 }, (number, _) =>
            {
                Run(first + number, () => new SeatedRun(first + number, new PostgresRowStore(store), (short)number));
                return ValueTask.CompletedTask;
            });

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
