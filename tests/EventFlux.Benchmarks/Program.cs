using System.Runtime.Versioning;
using EventFlux.Benchmarks;

[assembly: UnsupportedOSPlatform("windows")]

// Answers are read where they arrive: one hop between threads less for each, which the silo would pay for. Only this
// process; what it starts is to run as it does elsewhere.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

var (name, options) = args is [var first, .. var rest] ? (first, rest) : ("", []);
switch (name)
{
    case DirectorySilo.Verb:
        await DirectorySilo.RunAsync(Enum.Parse<GrainDirectoryKind>(options[0]));
        return 0;
    case MeasuredSilo.Verb:
        await MeasuredSilo.RunAsync();
        return 0;
}

if (Scenario.All.FirstOrDefault(scenario => scenario.Name == name) is { } chosen) return await chosen.RunAsync(options);
Console.WriteLine(Scenario.HelpOfAll());
return args.Length == 0 ? 0 : 2;
