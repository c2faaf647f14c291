using System.Diagnostics;

namespace EventFlux.Benchmarks.Load;

/// <summary>
/// Before anything is measured, silos run until they compile next to nothing any more. .NET compiles what is called
/// often again, twice, the second time by what it saw the first time; with a whole silo under load that takes a
/// processor for half a minute, and while it lasts a request costs a multiple.
/// </summary>
internal static class WarmUp
{
    /// <summary>Seconds of compiling in a second, of each silo, that count as next to nothing.</summary>
    private const double Quiet = 0.03;

    private const int MostTurns = 30;

    /// <summary>Puts the loads on the silos of all benches in turn, again and again.</summary>
    /// <param name="benches">Whose silos have to be warm.</param>
    /// <param name="loads">Each of some seconds; together they call all that is going to be measured.</param>
    public static async Task RunAsync(Bench[] benches, params Func<Task>[] loads)
    {
        var silos = benches.SelectMany(bench => bench.Silos).ToArray();
        for (var (turn, compiled) = (1, await CompiledAsync()); turn <= MostTurns; turn++)
        {
            var began = Stopwatch.GetTimestamp();
            foreach (var load in loads) await load();
            var (took, now) = (Stopwatch.GetElapsedTime(began).TotalSeconds, await CompiledAsync());
            var share = (now - compiled) / took / silos.Length;
            Console.WriteLine(Report.Format($"warming up: {share:P0} of a processor compiles"));
            compiled = now;
            // In the first seconds code is not called often enough yet.
            if (turn > 1 && share < Quiet) return;
        }

        async Task<double> CompiledAsync()
        {
            var sum = 0.0;
            foreach (var silo in silos)
                sum += Metrics.Sum(
                    await silo.Http.GetStringAsync("/metrics"), "dotnet_jit_compilation_time_seconds_total");
            return sum;
        }
    }
}
