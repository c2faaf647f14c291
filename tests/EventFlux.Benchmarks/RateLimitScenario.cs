using System.Diagnostics;
using System.Globalization;
using System.Net;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Silo.RateLimiting;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventFlux.Benchmarks;

/// <summary>What a request pays for its limits, on the silo that it came to and with nobody to be asked: the way of
/// nearly all.</summary>
internal static class RateLimitScenario
{
    private const int Requests = 2_000_000;
    private const int Rounds = 5;

    public static async Task RunAsync(ScenarioOptions options)
    {
        string[] rows =
        [
            await RowAsync("one address, again and again", threads: 1, _ => new(0, 1)),
            await RowAsync("one address, from two threads at once", threads: 2, _ => new(0, 1)),
            await RowAsync("another address each time", threads: 1, number => new(1, number)),
            await RowAsync("another address each time, from two threads at once", 2, number => new(1, number)),
            await RowAsync("one address past its limit", threads: 1, _ => new(0, 1), limit: 10),
        ];
        await Results.SaveAsync("rate-limits", $"""
            # rate-limits

            Counting one request in one tier, {Requests:N0} requests a round, the median of {Rounds} rounds. A request
            to book counts in two tiers.

            | | nanoseconds a request | bytes allocated |
            | --- | ---: | ---: |
            {string.Join('\n', rows)}

            Repeat: `dotnet run -c Release --project tests/EventFlux.Benchmarks -- rate-limits`

            """, options.IsTrial);
    }

    private static async Task<string> RowAsync(
        string what, int threads, Func<ulong, RateLimitKey> key, int limit = 1_000_000_000)
    {
        var limits = Limits(limit);
        var (times, bytes) = (new List<double>(), 0L);
        for (var round = 0; round <= Rounds; round++)
        {
            var (begun, before) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes(precise: true));
            await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(async () =>
            {
                for (var number = 0; number < Requests; number++)
                    await limits.CountAsync(RateLimitTier.General, key((ulong)((threads * number) + thread)));
            })));
            bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / Requests / threads;
            // The first warms up.
            if (round > 0) times.Add(Stopwatch.GetElapsedTime(begun).TotalNanoseconds / Requests);
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"| {what} | {times.Order().ElementAt(Rounds / 2):F0} | {bytes} |");
    }

    private static RateLimits Limits(int limit)
    {
        var self = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_111), 1);
        var peers = new RateLimitPeers(
            self,
            (_, _) => throw new InvalidOperationException("Nobody is to be asked."),
            (_, _) => throw new InvalidOperationException("Nobody is to be asked."),
            TimeProvider.System, NullLogger<RateLimitPeers>.Instance);
        peers.See([self]);
        return new(new() { General = new(limit, TimeSpan.FromHours(1)) }, peers, TimeProvider.System);
    }
}
