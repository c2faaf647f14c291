using EventFlux.Tests.Fixtures;

namespace EventFlux.Benchmarks.Load;

/// <summary>
/// Before anything is measured, silos run until they compile next to nothing any more. .NET compiles what is called
/// often again, twice, the second time by what it saw the first time; with a whole silo under load that takes a
/// processor for half a minute, and while it lasts it is the compiler that is measured.
/// </summary>
internal static class WarmUp
{
    /// <summary>Seconds of compiling in a second under load that count as next to nothing.</summary>
    private const double Quiet = 0.03;

    private const int MostTurns = 30;

    /// <summary>Puts the loads on the silos of all benches in turn, again and again.</summary>
    /// <param name="benches">Whose silos have to be warm, each of them; the loads are for all of them alike.</param>
    /// <param name="loads">Each of some seconds; together they call all that is going to be measured. What they sell
    /// is better of an event that isn't.</param>
    /// <exception cref="InvalidOperationException">They never come to rest.</exception>
    public static async Task RunAsync(Bench[] benches, params Func<Task<Round>>[] loads)
    {
        var silos = benches.SelectMany(bench => bench.Silos).ToArray();
        var compiled = await Task.WhenAll(silos.Select(CompiledAsync));
        for (var turn = 1; turn <= MostTurns; turn++)
        {
            var loaded = TimeSpan.Zero;
            foreach (var load in loads) loaded += (await load()).Elapsed / benches.Length;
            var now = await Task.WhenAll(silos.Select(CompiledAsync));
            var most = now.Zip(compiled, (after, before) => after - before).Max() / loaded.TotalSeconds;
            Console.WriteLine(Report.Format($"warming up: a silo compiles {most:P0} of the time"));
            compiled = now;
            // In the first seconds code is not called often enough yet.
            if (turn > 1 && most < Quiet) return;
        }

        throw new InvalidOperationException("The silos compile on and on.");

        static async Task<double> CompiledAsync(SiloProcess silo) => Metrics.Sum(
            await silo.Http.GetStringAsync("/metrics"), "dotnet_jit_compilation_time_seconds_total");
    }
}
