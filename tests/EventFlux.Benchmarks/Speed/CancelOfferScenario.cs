using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks.Speed;

/// <summary>Cancel → offer → accept, over and over, beside the hot event.</summary>
internal static class CancelOfferScenario
{
    public static async Task RunAsync(ScenarioOptions options)
    {
        var people = options.Value("--people", 10_000);
        await using var bench = await Bench.StartAsync();
        using var sale = await Sale.OpenAsync(bench, options.Connections);
        using var driver = await bench.ConnectAsync(options.Connections);
        var hot = await bench.CreateEventAsync(1_000_000);
        var queue = new Queueing(driver, await bench.CreateEventAsync(people), bench.NewCallers(2 * people));

        await queue.FillAsync();
        var other = await bench.CreateEventAsync(1_000_000);
        await WarmUp.RunAsync(
            [bench], () => sale.BookAsync(other, options.WarmUp), queue.CancelAsync, queue.AcceptAsync,
            queue.JoinAsync);
        var sides = await Alternation.RunAsync(
            options.Rounds,
            new("the hot event", () => sale.BookAsync(hot, options.Round)),
            new("cancel, which makes the next an offer", queue.CancelAsync),
            new("accept the offer", queue.AcceptAsync),
            new("join the queue again", queue.JoinAsync));

        await bench.VerifyAsync(sale.Booked + queue.Booked);
        await bench.ExpectAsync(
            queue.Accepted, "SELECT count(*) FROM waitlist_entries WHERE status = 'converted'", "accepted offers");
        await bench.ExpectAsync(queue.Joined, "SELECT count(*) FROM waitlist_entries", "places in the queue");
        await Report.WriteAsync(
            "cancel-offer", options,
            $"""
            One event with {people:N0} tickets, all sold, and as many people in its queue. All who hold a ticket cancel,
            and the commit of each cancellation makes the next in the queue an offer; all who were made one accept;
            those who cancelled queue again; and so on with the roles changed. {options.Connections} connections, each
            request another user. {options.Rounds} rounds, in turns with {options.Round.TotalSeconds} s of the hot
            event; medians.
            """,
            $"{Alternation.Table(sides)}\n\n" + Goal.Table(sides.Skip(1).Select(
                side => Goal.AtLeast($"{side.Name}, of the hot event's rate", side.RateRatio(sides[0]), 0.5, "P0"))));
    }
}
