using System.Runtime.Versioning;
using EventFlux.Benchmarks;

[assembly: UnsupportedOSPlatform("windows")]

if (args is ["hot-event", ..])
{
    await HotEventScenario.RunAsync(ScenarioOptions.Parse(args[1..]));
    return 0;
}

Console.WriteLine("""
    Scenarios (each builds its data, checks every answer, verifies the database, and writes results/<scenario>.md):

      hot-event   one event, each request another user: accepted bookings a second over HTTP with tokens, beside the
                  same booking by SELECT ... FOR UPDATE on the same PostgreSQL, alternating A B A B

    Options: --seconds N (a round, default 8)   --rounds N (default 3)   --connections N (HTTP, default 64)

      dotnet run -c Release --project tests/EventFlux.Benchmarks -- hot-event
    """);
return args.Length == 0 ? 0 : 2;
