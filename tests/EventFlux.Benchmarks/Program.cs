using System.Runtime.Versioning;
using EventFlux.Benchmarks;

[assembly: UnsupportedOSPlatform("windows")]

if (args is ["hot-event", ..])
{
    await HotEventScenario.RunAsync(ScenarioOptions.Parse(args[1..]));
    return 0;
}

if (args is ["chaos", ..]) return await ChaosScenario.RunAsync(args[1..]);
if (args is ["fuzz", ..]) return await FuzzScenario.RunAsync(args[1..]);

Console.WriteLine("""
    Scenarios (each builds its data, checks every answer, verifies the database, and writes results/<scenario>.md):

      hot-event   one event, each request another user: accepted bookings a second over HTTP with tokens, beside the
                  same booking by SELECT ... FOR UPDATE on the same PostgreSQL, alternating A B A B
      fuzz        requests derived from the OpenAPI document and spoiled in every way, by callers of every kind, and
                  connections that never finish: no 5xx, hang, leak or growth. Ends with 1 when it finds something.
                  Options: --requests N (default 100000)   --seed N (default random)   --only N (one request of a seed)

      chaos       three silos killed, frozen, released, their database killed, while people use them; ends with 1 when
                  a promise was broken. --kills N (20) --freezes N (5) --database-kills N (5) --releases N (3)

    Options of hot-event: --seconds N (a round, default 8)   --rounds N (default 3)   --connections N (default 64)

      dotnet run -c Release --project tests/EventFlux.Benchmarks -- hot-event
    """);
return args.Length == 0 ? 0 : 2;
