using System.Text;
using EventFlux.Benchmarks.Micro;
using EventFlux.Benchmarks.Seats;
using EventFlux.Benchmarks.Speed;

namespace EventFlux.Benchmarks;

/// <summary>What this program can be asked for.</summary>
/// <param name="Help">What it does, a line each; then its options beyond those of all.</param>
/// <param name="RunAsync">Answers the exit code.</param>
internal sealed record Scenario(string Name, string Help, Func<string[], Task<int>> RunAsync)
{
    public static readonly Scenario[] All =
    [
        Measure("hot-event", HotEventScenario.RunAsync, """
            one event, each request another user, 64 and 256 connections, beside SELECT ... FOR UPDATE, one call of a
            function, and the same silo doing nothing
            """),
        Measure("where-time-goes", WhereTimeGoesScenario.RunAsync, """
            processor time of one booking, step by step: HTTP, token, grain call and decision, commit
            --connections N (256)  --only N (one step)
            """),
        Measure("spread", SpreadScenario.RunAsync, """
            the same load over 1,000 events, beside one event
            --events N (1000)
            """),
        Measure("storm", StormScenario.RunAsync, """
            20,000 buyers, 500 tickets, one event, beside the same silo doing nothing; then the refused queue
            --buyers N (20000)  --tickets N (500)  --connections N (256)
            """),
        Measure("flat", FlatScenario.RunAsync, """
            rate and commit cost with 1,000,000 sold, beside 0 sold
            --sold N (1000000)
            """),
        Measure("activation", ActivationScenario.RunAsync, """
            the first booking of an event with 100,000 bookings, and the bytes a booking takes in memory
            --bookings N (100000)
            """),
        Measure("many", ManyScenario.RunAsync, """
            50,000 active events on a silo: memory an event, and the hot event beside them and alone
            --events N (50000)
            """),
        Measure("reads", ReadsScenario.RunAsync, """
            the hot event's page read while it is sold; lists, filters and search over up to 1,000,000 events
            --reads-a-second N (1000)  --list-events N (1000000)
            """),
        Measure("cancel-offer", CancelOfferScenario.RunAsync, """
            cancel, offer, accept, queue again, over and over, beside the hot event
            --people N (10000)
            """),
        Measure("scale-out", ScaleOutScenario.RunAsync, """
            1, 2 and 3 silos: processor seconds per 1,000 bookings
            --events N (300)
            """),
        Measure("start", StartScenario.RunAsync, "from the start of the process to ready, on a migrated database"),
        Measure("row-security", RowSecurityScenario.RunAsync, """
            the program's commits and reads under roles and policies, beside the same as the owner on a copy without
            """),
        Measure("buyers", BuyersScenario.RunAsync, """
            commits that count buyers, beside the same ones that don't
            """),
        Measure("dashboard", DashboardScenario.RunAsync, """
            the admins' overview over HTTP with 1,000 and with 1,000,000 bookings
            """),
        Measure("operator-dashboard", OperatorDashboardScenario.RunAsync, """
            what Orleans Dashboard costs the hot event: left out, there, and looked at
            """),
        new("micro", """
            the parts of a booking alone: deciding, JSON, a grain call's bytes, a commit's parameters, the token
            --filter PATTERN (all; fewer write no file)
            """, MicroScenario.RunAsync),
        new("verify-load", """
            bookings and cancellations over HTTP, then verify, which must find no difference; ends with 1 when it does
            --changes N (50000)  --connections N (32)
            """, VerifyLoadScenario.RunAsync),
        Measure(
            "rate-limits", RateLimitScenario.RunAsync, "what it costs to count a request against its limits"),
        Measure("best-available", BestAvailableScenario.RunAsync, """
            choosing seats in a house of 50,000 that is more than half sold, beside a search of all its seats
            """),
        Measure("seat-viewers", SeatViewersScenario.RunAsync, """
            a house of 10,000 that is sold out, alone, while its stream is watched, and while its map is read besides
            --viewers N (1000)  --reads-a-second N (500)
            """),
        Measure("house-sale", HouseSaleScenario.RunAsync, """
            2,000 buyers hold and book the seats of a house of 10,000, looked at from end to end; then seats beside
            general admission
            --buyers N (2000)
            """),
        Measure("directory", DirectoryScenario.RunAsync, """
            5,000 active events on three silos, one of which goes: what each grain directory makes of it
            """),
        new("chaos", """
            three silos killed, frozen, released, their database killed, while people use them; ends with 1 when a
            promise was broken
            --kills N (20)  --freezes N (5)  --database-kills N (5)  --releases N (3)  --freeze-seconds N (60)
            --people N (24)
            """, ChaosScenario.RunAsync),
        new("fuzz", """
            requests derived from the OpenAPI document and spoiled in every way, by callers of every kind, and
            connections that never finish: no 5xx, hang, leak or growth; ends with 1 when it finds something
            --requests N (100000)  --seed N (random)  --only N (one request of a seed)
            """, FuzzScenario.RunAsync),
    ];

    private static Scenario Measure(string name, Func<ScenarioOptions, Task> run, string help) => new(
        name, help, async args =>
        {
            await run(ScenarioOptions.Parse(args));
            return 0;
        });

    public static string HelpOfAll()
    {
        var text = new StringBuilder("""
            Scenarios. Each builds its data, checks every answer, verifies the database, and writes
            results/<scenario>.md. What is compared is measured in turns, A B A B, and medians are told.


            """);
        foreach (var scenario in All)
        {
            var label = scenario.Name;
            foreach (var line in scenario.Help.Trim().Split('\n'))
            {
                text.Append("  ").Append(label.PadRight(20)).AppendLine(line.TrimEnd());
                label = "";
            }
        }

        return text.Append("""

            Measurements take --seconds N (a round, 8)  --rounds N (3)  --connections N (HTTP, 64), and --trial, which
            writes no file: to see that a scenario works.

              dotnet run -c Release --project tests/EventFlux.Benchmarks -- hot-event
            """).ToString();
    }
}
