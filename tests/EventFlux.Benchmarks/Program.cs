using System.Runtime.Versioning;
using EventFlux.Benchmarks;

[assembly: UnsupportedOSPlatform("windows")]

var (scenario, options) = args is [var first, .. var rest] ? (first, rest) : ("", []);
switch (scenario)
{
    case "hot-event":
        await HotEventScenario.RunAsync(ScenarioOptions.Parse(options));
        return 0;
    case "row-security":
        await RowSecurityScenario.RunAsync(ScenarioOptions.Parse(options));
        return 0;
    case "buyers":
        await BuyersScenario.RunAsync(ScenarioOptions.Parse(options));
        return 0;
    case "verify-load":
        return await VerifyLoadScenario.RunAsync(options);
    case "rate-limits":
        await RateLimitScenario.RunAsync();
        return 0;
    case "directory":
        await DirectoryScenario.RunAsync();
        return 0;
    case DirectorySilo.Verb:
        await DirectorySilo.RunAsync(Enum.Parse<GrainDirectoryKind>(options[0]));
        return 0;
    case "dashboard":
        await DashboardScenario.RunAsync(ScenarioOptions.Parse(options));
        return 0;
    case "chaos":
        return await ChaosScenario.RunAsync(options);
    case "fuzz":
        return await FuzzScenario.RunAsync(options);
    default:
        Console.WriteLine("""
            Scenarios (each builds its data, checks every answer, verifies the database, and writes
            results/<scenario>.md):

              hot-event     one event, each request another user: accepted bookings a second over HTTP with tokens,
                            beside the same booking by SELECT ... FOR UPDATE on the same PostgreSQL, alternating A B A B
              row-security  the program's commits and reads under roles and policies, beside the same as the owner on a
                            copy without them, alternating A B A B
              buyers        commits that count buyers, beside the same ones that don't, alternating A B A B
                            All three: --seconds N (a round, 8)  --rounds N (3)  --connections N (HTTP, 64)
              verify-load   bookings and cancellations over HTTP, then verify, which must find no difference; ends with
                            1 when it finds one
                            --changes N (50000)  --connections N (32)
              rate-limits   what it costs to count a request against its limits
              directory     5,000 active events on three silos, one of which goes: what each grain directory makes of it
              dashboard     the admins' overview over HTTP with 1,000 and with 1,000,000 bookings, alternating A B A B
                            --seconds N (a round, 8)  --rounds N (3)
              chaos         three silos killed, frozen, released, their database killed, while people use them; ends
                            with 1 when a promise was broken
                            --kills N (20)  --freezes N (5)  --database-kills N (5)  --releases N (3)
                            --freeze-seconds N (60)  --people N (24)
              fuzz          requests derived from the OpenAPI document and spoiled in every way, by callers of every
                            kind, and connections that never finish: no 5xx, hang, leak or growth; ends with 1 when it
                            finds something
                            --requests N (100000)  --seed N (random)  --only N (one request of a seed)

              dotnet run -c Release --project tests/EventFlux.Benchmarks -- hot-event
            """);
        return args.Length == 0 ? 0 : 2;
}
