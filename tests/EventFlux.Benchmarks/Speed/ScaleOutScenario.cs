using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks.Speed;

/// <summary>The same load over many events on one, two and three silos: what a booking costs the processors when most
/// of them arrive at a silo that doesn't have the event.</summary>
internal static class ScaleOutScenario
{
    public static async Task RunAsync(ScenarioOptions options)
    {
        var events = options.Value("--events", 300);
        using var published = await PublishedSilo.CreateAsync();
        await using var bench = await Bench.StartWithoutSiloAsync();
        var sides = await Alternation.RunAsync(options.Rounds, Side(1, 1), Side(2, 2), Side(3, 3), Side(3, 1));

        await Report.WriteAsync(
            "scale-out", options,
            $"""
            {events} events, each request another user and the next event. Silos are added because there is more to do:
            {options.Connections} connections to each; at the end three that share those of one. With n silos an event
            is on another than the one that was asked in n - 1 of n cases. The silos are published ones, started anew
            on an empty database for each round and run until they compile next to nothing. {options.Rounds} rounds of {
                options.Round.TotalSeconds} s, in turns; medians. All share the machine: what grows is not the rate, but
            what can be seen is what a booking costs.
            """,
            $"{Alternation.Table(sides)}\n\n{Costs(sides)}\n\n" + Goal.Table(
                Goal.AtMost("silos' processor seconds at three, of one's", sides[2].Ratio(sides[0], OfSilos), 1.3),
                Goal.AtMost("with PostgreSQL's", sides[2].Ratio(sides[0], OfAll), 1.3),
                Goal.AtMost("silos', where three share one's load", sides[3].Ratio(sides[0], OfSilos), 1.3)));

        Side Side(int silos, int loads) => new(
            $"silos: {silos}, connections: {loads * options.Connections}",
            () => MeasureAsync(silos, loads * options.Connections));

        async Task<Round> MeasureAsync(int silos, int connections)
        {
            await bench.ForgetSalesAsync();
            var ids = await MadeRows.EventsAsync(bench.Database, 1, events, 1_000_000);
            var forms = ids.Select(Sale.BookingOf).ToArray();
            for (var silo = 0; silo < silos; silo++) await bench.AddSiloOfAsync(published.Program);
            using var sale = await Sale.OpenAsync(bench, connections);
            await WarmUp.RunAsync([bench], () => sale.BookAsync(forms, options.WarmUp));
            var round = await sale.BookAsync(forms, options.Round);
            await bench.StopSilosAsync();
            await bench.VerifyAsync(sale.Booked);
            return round;
        }
    }

    private static string Costs(Rounds[] sides) => """
        | | silos' processor seconds per 1,000 bookings | PostgreSQL's |
        | --- | ---: | ---: |

        """ + string.Join('\n', sides.Select(side => Report.Format(
        $"| {side.Name} | {side.Median(OfSilos):F3} | {side.Median(r => OfAll(r) - OfSilos(r)):F3} |")));

    private static double OfSilos(Round round) => 1_000 * round.Used.Silos.TotalSeconds / round.Done;

    private static double OfAll(Round round) =>
        1_000 * (round.Used.Silos + round.Used.Postgres).TotalSeconds / round.Done;
}
