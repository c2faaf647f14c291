using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks.Speed;

/// <summary>
/// Where the time of one booking goes: processor time a request, of requests that each do one thing more than the one
/// before.
/// </summary>
internal static class WhereTimeGoesScenario
{
    private const int Capacity = 1_000_000;

    public static async Task RunAsync(ScenarioOptions options)
    {
        var connections = options.Value("--connections", 256);
        await using var bench = await Bench.StartMeasuredAsync();
        using var sale = await Sale.OpenAsync(bench, connections);
        var (hot, soldOut) = (await bench.CreateEventAsync(Capacity), await bench.CreateEventAsync(1));
        using (var first = await LoadConnection.OpenAsync(bench.Silo.Port))
            await first.AskAsync(Sale.BookingOf(soldOut), bench.NewCaller().Token);
        Side[] steps =
        [
            new("HTTP, JSON, rules", () => sale.DoNothingForAnyoneAsync(hot, options.Round)),
            new("token and user", () => sale.DoNothingAsync(hot, options.Round)),
            new("grain call and decision (a refusal)", () => sale.BeRefusedAsync(soldOut, options.Round)),
            new("commit and wait (a booking)", () => sale.BookAsync(hot, options.Round)),
        ];
        var other = await bench.CreateEventAsync(Capacity);
        await WarmUp.RunAsync(
            [bench], () => sale.DoNothingForAnyoneAsync(hot, options.WarmUp),
            () => sale.DoNothingAsync(hot, options.WarmUp), () => sale.BeRefusedAsync(soldOut, options.WarmUp),
            () => sale.BookAsync(other, options.WarmUp));
        if (options.Value("--only", 0) is > 0 and var only) steps = [steps[only - 1]];

        var sides = await Alternation.RunAsync(options.Rounds, steps);
        await bench.VerifyAsync(1 + sale.Booked);
        await Report.WriteAsync(
            "where-time-goes", options,
            $"""
            Processor time of one request, in microseconds, at {connections} connections: each line's request does what
            the line before does and one thing more; the refusal's answer is a problem, not a booking. {options.Rounds}
            rounds of {options.Round.TotalSeconds} s a side, in turns; medians.
            """,
            Table(sides) + "\n\n" + Alternation.Table(sides));
    }

    private static string Table(Rounds[] sides)
    {
        var lines = sides.Select((side, at) => Report.Format($"""
            | {side.Name} | {Silo(side):F0} | {(at == 0 ? Silo(side) : Silo(side) - Silo(sides[at - 1])):F0} | {
                side.Median(round => Each(round, round.Used.Postgres)):F0} | {
                side.Median(round => Each(round, round.Used.Driver)):F0} | {
                side.Median(round => Each(round, Idle(round))):F0} |
            """));
        return """
            | up to | silo | this step | PostgreSQL | driver | nobody's |
            | --- | ---: | ---: | ---: | ---: | ---: |

            """ + string.Join('\n', lines);

        static double Silo(Rounds side) => side.Median(round => Each(round, round.Used.Silos));
        static double Each(Round round, TimeSpan used) => used.TotalMicroseconds / round.Done;
        static TimeSpan Idle(Round round) => (Environment.ProcessorCount * round.Elapsed)
            - round.Used.Silos - round.Used.Postgres - round.Used.Driver;
    }
}
