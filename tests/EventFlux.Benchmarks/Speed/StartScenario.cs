using System.Diagnostics;
using System.Net;
using EventFlux.Benchmarks.Load;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Benchmarks.Speed;

/// <summary>From the start of the process to <c>/health/ready</c>, on a database that is migrated.</summary>
internal static class StartScenario
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(5);

    public static async Task RunAsync(ScenarioOptions options)
    {
        using var published = await PublishedSilo.CreateAsync();
        await using var bench = await Bench.StartWithoutSiloAsync();
        var starts = new List<double>();
        // The first reads the program from the disk, and makes the silo's login.
        for (var start = 0; start <= options.Rounds; start++)
        {
            starts.Add(await StartAsync(bench, published.Program));
            Console.WriteLine(Report.Format($"start {start}: {starts[^1]:F2} s"));
        }

        await bench.VerifyAsync(bookings: 0);
        var counted = starts.Skip(1).Order().ToArray();
        await Report.WriteAsync(
            "start", options,
            $"""
            The published silo (as in the Dockerfile) in Production on a migrated database, asked for `/health/ready`
            every {Between.TotalMilliseconds} ms until it answers 200; ended by SIGTERM before the next.
            {options.Rounds} starts after a first one.
            """,
            Report.Format($"""
            | seconds from start to ready | |
            | --- | ---: |
            | the first | {starts[0]:F2} |
            | median | {Medians.Of(counted):F2} |
            | fastest | {counted[0]:F2} |
            | slowest | {counted[^1]:F2} |
            """) + "\n\n" + Goal.Table(Goal.AtMost("seconds, median", Medians.Of(counted), 3, "0.0")));
    }

    private static async Task<double> StartAsync(Bench bench, string program)
    {
        var began = Stopwatch.GetTimestamp();
        await using var silo = SiloProcess.StartProgram(program, bench.Variables());
        while (await silo.ReadinessAsync() != HttpStatusCode.OK)
        {
            if (silo.HasExited) throw new InvalidOperationException($"The silo ended:\n{silo.Output}\n{silo.Errors}");
            await Task.Delay(Between);
        }

        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        silo.Terminate();
        await silo.WaitForExitAsync();
        return took;
    }
}
