using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks.Speed;

/// <summary>Selling when a million is sold, beside selling when nothing is: two databases, a silo on each.</summary>
internal static class FlatScenario
{
    private const int MaxCapacity = 1_000_000;

    /// <summary>More than a silo sells.</summary>
    private const int PerSecond = 12_000;

    public static async Task RunAsync(ScenarioOptions options)
    {
        var sold = options.Value("--sold", MaxCapacity);
        var room = PerSecond * (int)(options.Rounds * options.Round).TotalSeconds;
        var onHot = Math.Min(sold, MaxCapacity - room);
        await using var empty = await Bench.StartAsync();
        await using var full = await Bench.StartAsync();
        var events = await MadeRows.EventsAsync(full.Database, 1, 3, MaxCapacity);
        await MadeRows.BookingsAsync(full.Database, events[0], onHot);
        if (sold > onHot) await MadeRows.BookingsAsync(full.Database, events[1], sold - onHot);
        foreach (var bench in new[] { empty, full }) await bench.ExecuteAsync("VACUUM ANALYZE");

        using var ofEmpty = await Sale.OpenAsync(empty, options.Connections);
        using var ofFull = await Sale.OpenAsync(full, options.Connections);
        var ofNobody = await empty.CreateEventAsync(MaxCapacity);
        await WarmUp.RunAsync(
            [empty, full], () => ofEmpty.BookAsync(ofNobody, options.WarmUp),
            () => ofFull.BookAsync(events[2], options.WarmUp));
        // The event to be measured has yet to be read.
        await ofFull.BookAsync(events[0], TimeSpan.FromSeconds(1));
        foreach (var bench in new[] { empty, full }) await bench.ExecuteAsync("CHECKPOINT");

        var (first, second, forgotten) = (new List<CostedRound>(), new List<CostedRound>(), 0L);
        var sides = await Alternation.RunAsync(
            options.Rounds,
            new("0 sold", async () =>
            {
                await empty.ForgetSalesAsync();
                forgotten = ofEmpty.Booked;
                var atNothing = await empty.CreateEventAsync(MaxCapacity);
                return await MeasureAsync(empty, first, () => ofEmpty.BookAsync(atNothing, options.Round));
            }),
            new($"{sold:N0} sold", () => MeasureAsync(full, second, () => ofFull.BookAsync(events[0], options.Round))));
        await empty.VerifyAsync(ofEmpty.Booked - forgotten);
        await full.VerifyAsync(sold + ofFull.Booked);
        await Report.WriteAsync(
            "flat", options,
            $"""
            One hot event, {options.Connections} connections, on a database that is emptied before each round, and with
            {sold:N0} bookings made by SQL before, {onHot:N0} of them of the same event (no event holds more than {
                MaxCapacity:N0}, and there must be tickets left to sell). A silo and a PostgreSQL each; a checkpoint
            before the first round. {options.Rounds} rounds of {options.Round.TotalSeconds} s a side, in turns; medians.
            WAL and blocks by PostgreSQL's statistics, commits by the silo's metrics.
            """,
            $"{Alternation.Table(sides)}\n\n{CostTable((sides[0].Name, first), (sides[1].Name, second))}\n\n"
            + Goal.Table(Goals(sides, first, second)));
    }

    private static async Task<Round> MeasureAsync(Bench bench, List<CostedRound> costs, Func<Task<Round>> run)
    {
        var before = await CommitCost.ReadAsync(bench);
        var round = await run();
        costs.Add(new(round, await CommitCost.ReadAsync(bench) - before));
        return round;
    }

    private static Goal[] Goals(Rounds[] sides, List<CostedRound> first, List<CostedRound> second)
    {
        return
        [
            Goal.AtLeast("rate at a million, of that at 0", sides[1].RateRatio(sides[0]), 0.9, "P0"),
            Cost("milliseconds a commit", cost => cost.MillisecondsACommit),
            Cost("WAL bytes a booking", cost => cost.WalBytesABooking),
            Cost("blocks a booking", cost => cost.BlocksABooking),
        ];

        Goal Cost(string what, Func<CostedRound, double> figure) => Goal.AtMost(
            $"{what} at a million, of that at 0", Of(second, figure) / Of(first, figure), 1.1, "P0");
    }

    private static string CostTable(params (string Name, List<CostedRound> Rounds)[] sides) => """
        | | bookings a commit | ms a commit | WAL bytes a booking | pages logged whole a booking | blocks a booking |
        | --- | ---: | ---: | ---: | ---: | ---: |

        """ + string.Join('\n', sides.Select(side => Report.Format($"""
        | {side.Name} | {Of(side.Rounds, r => r.BookingsACommit):F1} | {
            Of(side.Rounds, r => r.MillisecondsACommit):F2} | {Of(side.Rounds, r => r.WalBytesABooking):F0} | {
            Of(side.Rounds, r => r.FullPagesABooking):F3} | {Of(side.Rounds, r => r.BlocksABooking):F1} |
        """)));

    private static double Of(List<CostedRound> rounds, Func<CostedRound, double> figure) =>
        Medians.Of(rounds.Select(figure));
}
