using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Chaos;

/// <summary>The short form: each fault once, on three real silos that are used meanwhile. The long form is run by
/// hand (see the benchmarks).</summary>
[Collection(typeof(Alone))]
public sealed class ChaosTests(ITestOutputHelper output)
{
    private static readonly ChaosPlan Short = new(
        Kills: 2, Freezes: 1, DatabaseKills: 1, Releases: 1, FreezeFor: TimeSpan.FromSeconds(12),
        Drain: TimeSpan.FromSeconds(2), People: 16, Pause: TimeSpan.FromMilliseconds(20));

    [Fact]
    public async Task EachFaultOnce_CostsSeconds_AndNoPromise()
    {
        var report = await new ChaosRun(Short, output.WriteLine).RunAsync();

        output.WriteLine(report.Table());
        Assert.True(report.Tally.Acknowledged > 1000, $"Too little was asked of it: {report.Tally}");
        Assert.Empty(report.Broken());
    }
}
