using System.Globalization;
using EventFlux.Tests.Chaos;

namespace EventFlux.Benchmarks;

/// <summary>The long form of the chaos run that <c>dotnet test</c> does in short.</summary>
internal static class ChaosScenario
{
    public static async Task<int> RunAsync(string[] args)
    {
        var plan = new ChaosPlan(
            Kills: Value("--kills", 20), Freezes: Value("--freezes", 5), DatabaseKills: Value("--database-kills", 5),
            Releases: Value("--releases", 3), FreezeFor: TimeSpan.FromSeconds(Value("--freeze-seconds", 60)),
            Drain: TimeSpan.FromSeconds(5), People: Value("--people", 24), Pause: TimeSpan.FromMilliseconds(20));
        var begun = TimeProvider.System.GetTimestamp();
        var report = await new ChaosRun(plan, Console.WriteLine).RunAsync();
        await Results.SaveAsync("chaos", Describe(plan, report, TimeProvider.System.GetElapsedTime(begun)));
        var broken = report.Broken().ToArray();
        foreach (var promise in broken) Console.WriteLine(promise);
        return broken.Length == 0 ? 0 : 1;

        int Value(string name, int otherwise)
        {
            var at = Array.IndexOf(args, name);
            return at < 0 ? otherwise : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
        }
    }

    private static string Describe(ChaosPlan plan, ChaosReport report, TimeSpan took)
    {
        var (tally, verdict) = (report.Tally, report.Verdict);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # chaos

            Three silos, PostgreSQL (fsync on) and {plan.People} clients on one machine with
            {Environment.ProcessorCount} processors, {took.TotalMinutes:F0} minutes. The clients book, cancel, queue,
            take offers up and look, at one hot event and 40 small ones, all of which sell out again and again. They
            repeat what got a 503 or no answer with the same Idempotency-Key; during releases they repeat nothing.

            {report.Table()}
            - **kill**, **freeze**, **database kill**: from the fault (or the database's return) until the last of 40
              events spread over the cluster was sold again, through the other silos. **release**: all silos in turn.

            | requests | acknowledged | repeated | never answered | failed in releases, or wrong |
            | ---: | ---: | ---: | ---: | ---: |
            | {tally.Requests} | {tally.Acknowledged} | {tally.Retried} | {tally.Unanswered} | {tally.Surprised} |

            | lost | doubled | oversold | drifted | unserved |
            | ---: | ---: | ---: | ---: | ---: |
            | {verdict.Lost} | {verdict.Doubled} | {verdict.Oversold} | {verdict.Drifted} | {verdict.Unserved} |

            Repeat: `dotnet run -c Release --project tests/EventFlux.Benchmarks -- chaos`

            """);
    }
}
