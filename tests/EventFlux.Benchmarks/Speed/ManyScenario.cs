using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks.Speed;

/// <summary>A silo that has many events in memory: what they take, and what they cost the hot one beside
/// them.</summary>
internal static class ManyScenario
{
    private const int Capacity = 1_000_000;

    public static async Task RunAsync(ScenarioOptions options)
    {
        var count = options.Value("--events", 50_000);
        await using var alone = await Bench.StartMeasuredAsync();
        await using var crowded = await Bench.StartMeasuredAsync();
        var events = await MadeRows.EventsAsync(crowded.Database, 1, count);
        await crowded.ExecuteAsync("VACUUM ANALYZE");
        var (hotAlone, hot) = (await alone.CreateEventAsync(Capacity), await crowded.CreateEventAsync(Capacity));
        using var ofAlone = await Sale.OpenAsync(alone, options.Connections);
        using var ofCrowded = await Sale.OpenAsync(crowded, options.Connections);

        var (otherAlone, other) = (await alone.CreateEventAsync(Capacity), await crowded.CreateEventAsync(Capacity));
        await WarmUp.RunAsync(
            [alone, crowded], () => ofAlone.BookAsync(otherAlone, options.WarmUp),
            () => ofCrowded.BookAsync(other, options.WarmUp));
        var before = await crowded.HeapBytesAsync();
        var activated = await ActivateAsync(crowded, events, options.Connections);
        var bytes = (await crowded.HeapBytesAsync() - before) / (double)count;
        var sides = await Alternation.RunAsync(
            options.Rounds,
            new("the hot event alone", () => ofAlone.BookAsync(hotAlone, options.Round)),
            new($"beside {count:N0} active events", () => ofCrowded.BookAsync(hot, options.Round)));

        await alone.VerifyAsync(ofAlone.Booked);
        await crowded.VerifyAsync(ofCrowded.Booked + activated.Done);
        await Report.WriteAsync(
            "many", options,
            Report.Format($"""
            {count:N0} events, each made active by one booking ({activated.PerSecond:F0} a second), and then the hot
            event beside them; the same on a silo and a PostgreSQL that have only the hot event. {options.Connections}
            connections, {options.Rounds} rounds of {options.Round.TotalSeconds} s a side, in turns; medians. An active
            event with one booking takes **{bytes:F0} bytes** of the silo's heap (its growth after full collections).
            """),
            $"{Alternation.Table(sides)}\n\n" + Goal.Table(
                Goal.AtLeast("rate beside them, of that alone", sides[1].RateRatio(sides[0]), 0.9, "P0")));
    }

    private static async Task<Round> ActivateAsync(Bench bench, Guid[] events, int connections)
    {
        using var driver = await bench.ConnectAsync(connections);
        var forms = events.Select(Sale.BookingOf).ToArray();
        var callers = bench.NewCallers(events.Length);
        return await driver.RunAsync(
            number => number < forms.Length ? new Call(forms[number], callers[number]) : null, Judges.IsCallersOwn);
    }
}
