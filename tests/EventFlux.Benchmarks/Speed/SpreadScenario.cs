using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks.Speed;

/// <summary>The same load over many events, whose commits are small, beside one event.</summary>
internal static class SpreadScenario
{
    private const int Capacity = 1_000_000;

    public static async Task RunAsync(ScenarioOptions options)
    {
        var events = options.Value("--events", 1_000);
        await using var bench = await Bench.StartAsync();
        var hot = await bench.CreateEventAsync(Capacity);
        var spread = (await MadeRows.EventsAsync(bench.Database, 1, events, Capacity)).Select(Sale.BookingOf).ToArray();
        using var sale = await Sale.OpenAsync(bench, options.Connections);

        var other = await bench.CreateEventAsync(1_000_000);
        await WarmUp.RunAsync(
            [bench], () => sale.BookAsync(other, options.WarmUp), () => sale.BookAsync(spread, options.WarmUp));
        var sides = await Alternation.RunAsync(
            options.Rounds,
            new("one event", () => sale.BookAsync(hot, options.Round)),
            new($"{events:N0} events", () => sale.BookAsync(spread, options.Round)));
        await bench.VerifyAsync(sale.Booked);
        await Report.WriteAsync(
            "spread", options,
            $"""
            {options.Connections} connections, each request another user, over {events:N0} events one after the other,
            beside the same load on one event. {options.Rounds} rounds of {options.Round.TotalSeconds} s a side, in
            turns; medians.
            """,
            $"{Alternation.Table(sides)}\n\n"
            + Goal.Table(Goal.AtLeast("rate over them, of that on one", sides[1].RateRatio(sides[0]), 0.7, "P0")));
    }
}
