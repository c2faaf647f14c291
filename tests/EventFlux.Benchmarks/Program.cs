using System.Runtime.Versioning;
using EventFlux.Benchmarks;

[assembly: UnsupportedOSPlatform("windows")]

if (args is ["hot-event", ..])
{
    await HotEventScenario.RunAsync(ScenarioOptions.Parse(args[1..]));
    return 0;
}

if (args is ["directory"])
{
    await DirectoryScenario.RunAsync();
    return 0;
}

if (args is [DirectorySilo.Verb, var kind])
{
    await DirectorySilo.RunAsync(Enum.Parse<GrainDirectoryKind>(kind));
    return 0;
}

if (args is ["rate-limits"])
{
    await RateLimitScenario.RunAsync();
    return 0;
}

if (args is ["chaos", ..]) return await ChaosScenario.RunAsync(args[1..]);

if (args is ["row-security", ..])
{
    await RowSecurityScenario.RunAsync(ScenarioOptions.Parse(args[1..]));
    return 0;
}

Console.WriteLine("""
    Scenarios (each builds its data, checks every answer, verifies the database, and writes results/<scenario>.md):

      hot-event   one event, each request another user: accepted bookings a second over HTTP with tokens, beside the
                  same booking by SELECT ... FOR UPDATE on the same PostgreSQL, alternating A B A B

      chaos       three silos killed, frozen, released, their database killed, while people use them; ends with 1 when
                  a promise was broken. --kills N (20) --freezes N (5) --database-kills N (5) --releases N (3)

      directory   5,000 active events on three silos, one of which goes: what each grain directory makes of it
      row-security   the program's commits and reads under roles and policies, beside the same as the owner on a copy
                     without them, alternating A B A B
      rate-limits what it costs to count a request against its limits

    Options: --seconds N (a round, default 8)   --rounds N (default 3)   --connections N (HTTP, default 64)

      dotnet run -c Release --project tests/EventFlux.Benchmarks -- hot-event
    """);
return args.Length == 0 ? 0 : 2;
