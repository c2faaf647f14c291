using System.Diagnostics;
using System.Globalization;
using System.Text;
using EventFlux.Tests.Fuzzing;

namespace EventFlux.Benchmarks;

/// <summary>The long form of the fuzz test: as many requests as one likes, with the silo's memory beside
/// them.</summary>
internal static class FuzzScenario
{
    private const int RequestsOfSample = 2000;

    /// <summary>The second half may lie above the first by this: pools and caches that still fill.</summary>
    private const double MaxGrowth = 1.15;

    public static async Task<int> RunAsync(string[] args)
    {
        var seed = ScenarioOptions.Value(args, "--seed", Random.Shared.Next());
        var count = ScenarioOptions.Value(args, "--requests", 100_000);
        var only = ScenarioOptions.Value(args, "--only", -1);
        Console.WriteLine($"seed {seed} (again: -- fuzz --seed {seed}; one request: -- fuzz --seed {seed} --only N)");
        await using var bench = await Bench.StartAsync(("RATE_LIMIT_ENABLED", "false"));
        var target = new FuzzTarget(bench.Silo, bench.Database, bench.JwtSecret, bench.Secrets);
        var run = new FuzzRun(target, seed);
        if (only >= 0)
        {
            await run.SendAsync(only, 1);
            Console.WriteLine(string.Join("\n\n", run.Tally.Answers.Keys.Concat(run.Tally.Findings)));
            return run.Tally.Findings.Count == 0 ? 0 : 1;
        }

        await run.SendAsync(count, RequestsOfSample);
        var before = await SiloVitals.ReadCollectedAsync(bench.Silo.Id);
        var (samples, started) = (new List<SiloVitals>(), Stopwatch.StartNew());
        var abuse = new SocketAbuse(target.Host, bench.Silo.Port);
        var (brief, slow) = (abuse.RunBriefAsync(), abuse.RunLongAsync());
        Console.WriteLine("warmed up");
        var shown = 0;
        await run.SendAsync(0, count, async sent =>
        {
            foreach (var finding in run.Tally.Findings.Skip(shown)) Console.WriteLine($"\n{finding}\n");
            shown = run.Tally.Findings.Count;
            if (sent % RequestsOfSample != 0) return;
            samples.Add(await SiloVitals.ReadCollectedAsync(bench.Silo.Id));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{sent,7} sent, {started.Elapsed.TotalSeconds,5:F0} s, {samples[^1].Megabytes:F0} MB, "
                + $"{samples[^1].Threads} threads, {samples[^1].Handles} handles, "
                + $"{run.Tally.Findings.Count} findings"));
        });
        var elapsed = started.Elapsed;
        foreach (var fault in (IEnumerable<string>)[.. await brief, .. await slow]) run.Tally.Report(fault);
        await run.JudgeRemainsAsync(before);
        var (middle, end) = Plateaus(samples);
        if (end > middle * MaxGrowth) run.Tally.Report($"memory grows: {middle:F0} MB, then {end:F0} MB");

        await Results.SaveAsync("fuzz", Report(seed, count, elapsed, before, (middle, end), run.Tally));
        Console.WriteLine(string.Join("\n\n", run.Tally.Findings.Skip(shown)));
        return run.Tally.Findings.Count == 0 ? 0 : 1;
    }

    /// <summary>The median of the second quarter of the samples, and of the last. The first one warms up.</summary>
    private static (double Middle, double End) Plateaus(List<SiloVitals> samples)
    {
        var quarter = Math.Max(1, samples.Count / 4);
        return (Median(samples.Skip(quarter).Take(quarter)), Median(samples.TakeLast(quarter)));
    }

    private static double Median(IEnumerable<SiloVitals> samples)
    {
        var sorted = samples.Select(sample => sample.Megabytes).Order().ToArray();
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }

    private static string Report(
        int seed, int count, TimeSpan elapsed, SiloVitals before, (double Middle, double End) memory,
        FuzzTally tally) =>
        string.Create(CultureInfo.InvariantCulture, $"""
            # fuzz

            {count} requests derived from the OpenAPI document with seed {seed}, in {elapsed.TotalSeconds:F0} s, beside
            clients that open connections and never finish: **{tally.Findings.Count} findings**.

            | answer | times |
            | --- | ---: |
            {Rows(tally)}

            Answers within {tally.Milliseconds(0.5):F1} ms (median), {tally.Milliseconds(0.99):F0} ms (99 %),
            {tally.Milliseconds(1):F0} ms (slowest). Working set after a full collection: {before.Megabytes:F0} MB
            at the start, {memory.Middle:F0} MB in the second quarter, {memory.End:F0} MB in the last.

            Repeat: `dotnet run -c Release --project tests/EventFlux.Benchmarks -- fuzz --seed {seed}`
            """);

    private static string Rows(FuzzTally tally) =>
        new StringBuilder().AppendJoin(
            '\n', tally.Answers.OrderBy(answer => answer.Key, StringComparer.Ordinal)
                .Select(answer => $"| {answer.Key} | {answer.Value} |")).ToString();
}
