using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks.Speed;

/// <summary>Many more buyers than tickets, all at once; then those who got none queue.</summary>
internal static class StormScenario
{
    public static async Task RunAsync(ScenarioOptions options)
    {
        var (buyers, tickets) = (options.Value("--buyers", 20_000), options.Value("--tickets", 500));
        var connections = options.Value("--connections", 256);
        await using var bench = await Bench.StartMeasuredAsync();
        using var driver = await bench.ConnectAsync(connections);
        var storm = new Storm(bench, driver, buyers, tickets);
        await WarmUp.RunAsync([bench], storm.BuyAsync, storm.DoNothingAsync, storm.JoinAsync);
        var sides = await Alternation.RunAsync(
            options.Rounds,
            new($"storm: {tickets} booked, the others refused", storm.BuyAsync),
            new("the same silo doing nothing", storm.DoNothingAsync),
            new("the refused join the queue", storm.JoinAsync));

        // What was acknowledged is there though the silo is gone at once.
        bench.Silo.Kill();
        await bench.VerifyAsync((long)tickets * storm.Storms);
        await bench.ExpectAsync(
            storm.Storms, $"SELECT count(*) FROM event_inventory WHERE booked = {tickets} AND available = 0",
            "sold-out events");
        await bench.ExpectAsync(
            (long)(buyers - tickets) * storm.Storms, "SELECT count(*) FROM waitlist_entries WHERE status = 'waiting'",
            "places in queues");
        await Report.WriteAsync(
            "storm", options,
            $"""
            {buyers:N0} people want one of {tickets} tickets of one event, each with a token of their own, over {
                connections} connections; then all who were refused join its queue. Beside it the same silo's
            authenticated POST that does nothing, as often. {options.Rounds} storms, each on another event; medians. In
            each exactly {tickets} were sold. The silo was killed behind the last answer: every place in the queue that
            was acknowledged was in the database.
            """,
            $"{Alternation.Table(sides)}\n\n" + Goal.Table(
                Goal.AtLeast("answers in the storm, of doing nothing", sides[0].RateRatio(sides[1]), 0.9, "P0")));
    }
}
