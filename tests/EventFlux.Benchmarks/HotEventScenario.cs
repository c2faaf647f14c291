using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace EventFlux.Benchmarks;

/// <summary>One event that everybody wants, against the usual way on the same PostgreSQL in the same run.</summary>
internal static class HotEventScenario
{
    private const int BaselineConnections = 16;
    private const int Capacity = 1_000_000;

    /// <summary>More than any round can use; made before the clock starts.</summary>
    private const int TokensPerSecond = 12_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(ScenarioOptions options)
    {
        await using var bench = await Bench.StartAsync();
        using var load = new HttpLoad(bench, options.Connections);
        var usual = new SelectForUpdate(bench.Database, BaselineConnections);
        var hot = await load.CreateEventAsync(Capacity);
        var baseline = await usual.CreateEventAsync(Capacity);

        Console.WriteLine("warming up");
        var accepted = (await load.BookAsync(hot, Tokens(bench, WarmUp), WarmUp)).Accepted;
        var byLock = (await usual.BookAsync(baseline, WarmUp)).Accepted;

        var (ours, theirs) = (new List<Round>(), new List<Round>());
        for (var round = 1; round <= options.Rounds; round++)
        {
            var tokens = Tokens(bench, options.Round);
            ours.Add(await load.BookAsync(hot, tokens, options.Round));
            theirs.Add(await usual.BookAsync(baseline, options.Round));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"round {round}: EventFlux {ours[^1].PerSecond:F0}/s, SELECT FOR UPDATE {theirs[^1].PerSecond:F0}/s"));
        }

        accepted += ours.Sum(round => round.Accepted);
        byLock += theirs.Sum(round => round.Accepted);
        await VerifyAsync(bench, hot, accepted, byLock);
        await WriteAsync(Report(options, ours, theirs, accepted));
    }

    private static List<string> Tokens(Bench bench, TimeSpan duration) =>
        [.. Enumerable.Range(0, (int)(TokensPerSecond * duration.TotalSeconds)).AsParallel()
            .Select(_ => bench.NewToken())];

    /// <summary>A fast wrong answer is no answer: every 201 is a row, and the counters are what the rows say.</summary>
    private static async Task VerifyAsync(Bench bench, Guid hot, long accepted, long byLock)
    {
        Expect(accepted, await bench.CountAsync($"SELECT count(*) FROM bookings WHERE event_id = '{hot}'"), "rows");
        Expect(
            accepted, await bench.CountAsync($"SELECT booked FROM event_inventory WHERE event_id = '{hot}'"), "booked");
        Expect(
            accepted, await bench.CountAsync("SELECT count(*) FROM outbox WHERE kind = 'booking_confirmed'"), "facts");
        Expect(byLock, await bench.CountAsync("SELECT count(*) FROM baseline.bookings"), "baseline rows");
    }

    private static void Expect(long expected, long actual, string what)
    {
        if (expected != actual)
            throw new InvalidOperationException($"The database holds {actual} {what}; {expected} were acknowledged.");
    }

    private static string Report(ScenarioOptions options, List<Round> ours, List<Round> theirs, long accepted)
    {
        var (mine, usual) = (Median(ours, r => r.PerSecond), Median(theirs, r => r.PerSecond));
        var text = new StringBuilder();
        text.AppendLine("# hot-event").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            One event, each request another user with a token of its own, quantity 1, no idempotency key. Load, silo and
            PostgreSQL (fsync on) share one machine with {Environment.ProcessorCount} processors. Medians of
            {options.Rounds} rounds of {options.Round.TotalSeconds:F0} s, alternating. Every answer was 201 and all
            {accepted} were found in the database.

            | | accepted a second | p50 ms | p99 ms | the driver's share of the processors |
            | --- | ---: | ---: | ---: | ---: |
            | EventFlux over HTTP, {options.Connections} connections | {mine:F0} | {Times(ours)} |
            | SELECT … FOR UPDATE, {BaselineConnections} connections, no HTTP | {usual:F0} | {Times(theirs)} |
            | **ratio** | **{mine / usual:F1}** | | | |

            Repeat: `dotnet run -c Release --project tests/EventFlux.Benchmarks -- hot-event`
            """);
        return text.ToString();
    }

    private static string Times(List<Round> rounds) => string.Create(CultureInfo.InvariantCulture,
        $"{Median(rounds, r => r.P50Milliseconds):F1} | {Median(rounds, r => r.P99Milliseconds):F1} "
        + $"| {Median(rounds, r => r.DriverShare):P0}");

    private static double Median(List<Round> rounds, Func<Round, double> figure) =>
        rounds.Select(figure).Order().ElementAt(rounds.Count / 2);

    private static async Task WriteAsync(string report, [CallerFilePath] string source = "")
    {
        Console.WriteLine(report);
        var folder = Path.Combine(Path.GetDirectoryName(source)!, "results");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "hot-event.md"), report);
    }
}
