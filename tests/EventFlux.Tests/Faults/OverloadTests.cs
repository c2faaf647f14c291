using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Faults;

/// <summary>Ten times as many clients at once as a silo lets in.</summary>
[Collection(typeof(Alone))]
public sealed class OverloadTests(PostgresServer server, ITestOutputHelper output) : SiloGroupTest(server)
{
    private const int LetIn = 64;
    private const int Crowd = 10 * LetIn;
    private const long Megabyte = 1 << 20;

    private static readonly TimeSpan Span = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Crowd_IsTurnedAwayQuickly_WhileTheSiloSellsAndStaysHealthy_AndIsFastAgainAtOnce()
    {
        var silo = await Silos.StartAsync(environment: [("MAX_CONCURRENT_REQUESTS", $"{LetIn}")]);
        var concert = await Silos.CreateEventAsync(silo, capacity: 1_000_000);
        await LoadAsync(silo, concert, LetIn / 2);

        var (calm, memory) = (await LoadAsync(silo, concert, LetIn / 2), WorkingSet(silo));
        using var stop = new CancellationTokenSource();
        var health = WatchAsync(silo, stop.Token);
        var storm = await LoadAsync(silo, concert, Crowd);
        await stop.CancelAsync();
        var (slowestHealth, largest) = await health;
        var after = await LoadAsync(silo, concert, LetIn / 2);

        output.WriteLine($"calm: {calm}\nstorm: {storm}\nafter: {after}");
        output.WriteLine($"health within {slowestHealth.TotalMilliseconds:F0} ms; {memory / Megabyte} MB before, "
            + $"{largest / Megabyte} MB at most");
        Assert.Equal(0, calm.Refused + after.Refused);
        Assert.True(storm.Refused > 0, "Nobody was turned away: there was no crowd.");
        Assert.True(storm.Sold > calm.Sold / 4, "It hardly sold.");
        Assert.InRange(storm.SlowestRefusal, TimeSpan.Zero, Quick);
        Assert.InRange(slowestHealth, TimeSpan.Zero, Quick);
        Assert.True(largest < memory + (100 * Megabyte), "Its memory grew with the crowd.");
        Assert.True(after.Sold > calm.Sold / 2, "It is not what it was.");
    }

    /// <summary>So many clients book without pause, but for the second that a 503 asks for.</summary>
    private async Task<Load> LoadAsync(SiloProcess silo, Guid concert, int clients)
    {
        var (begun, sold, refusals) = (TimeProvider.System.GetTimestamp(), 0, new ConcurrentBag<TimeSpan>());
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            while (TimeProvider.System.GetElapsedTime(begun) < Span)
            {
                var sent = TimeProvider.System.GetTimestamp();
                var answer = await Silos.User(silo).BookAsync(concert);
                if (answer.Status == 201)
                {
                    Interlocked.Increment(ref sold);
                    continue;
                }

                refusals.Add(TimeProvider.System.GetElapsedTime(sent));
                answer.IsRefusal(503, "SERVICE_UNAVAILABLE");
                Assert.Equal("1", answer.Headers.RetryAfter?.ToString());
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }));
        return new(sold, refusals.Count, refusals.IsEmpty ? TimeSpan.Zero : refusals.Max());
    }

    /// <summary>Asks for its health, and looks at its memory, until stopped.</summary>
    /// <returns>The slowest answer, and the largest working set in bytes.</returns>
    private static async Task<(TimeSpan Slowest, long Largest)> WatchAsync(SiloProcess silo, CancellationToken stop)
    {
        var (slowest, largest) = (TimeSpan.Zero, 0L);
        while (!stop.IsCancellationRequested)
        {
            var asked = TimeProvider.System.GetTimestamp();
            Assert.Equal(HttpStatusCode.OK, await silo.ReadinessAsync());
            var took = TimeProvider.System.GetElapsedTime(asked);
            slowest = took > slowest ? took : slowest;
            largest = Math.Max(largest, WorkingSet(silo));
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }

        return (slowest, largest);
    }

    private static long WorkingSet(SiloProcess silo)
    {
        using var process = System.Diagnostics.Process.GetProcessById(silo.Id);
        return process.WorkingSet64;
    }

    private sealed record Load(int Sold, int Refused, TimeSpan SlowestRefusal)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Sold / Span.TotalSeconds:F0} sold a second, {Refused} turned away, the slowest within "
            + $"{SlowestRefusal.TotalMilliseconds:F0} ms");
    }
}
