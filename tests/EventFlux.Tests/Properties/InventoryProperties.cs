using CsCheck;

namespace EventFlux.Tests.Properties;

/// <summary>The inventory against the naive model, over random histories. A failure prints its seed and is
/// shrunk.</summary>
public sealed class InventoryProperties(ITestOutputHelper output)
{
    private const int Iterations = 2_000;
    private const int LongestHistory = 150;

    [Fact]
    public void AnyHistory_AgreesWithTheNaiveModel_AndWithItsRows()
    {
        var commands = 0;
        Histories.Any(LongestHistory).Sample(
            sample =>
            {
                var run = new InventoryRun(sample.Capacity, new RowStore());
                foreach (var command in sample.Commands) run.Do(command);
                Interlocked.Add(ref commands, run.Commands);
            },
            iter: Iterations);
        output.WriteLine($"{commands} commands in {Iterations} histories");
        Assert.True(commands >= 100_000, $"only {commands} commands");
    }
}
