using System.Diagnostics;
using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks.Speed;

/// <summary>People who look at the hot event's page while it is sold; and lists of ever more events.</summary>
internal static class ReadsScenario
{
    private const int Readers = 16;

    public static async Task RunAsync(ScenarioOptions options)
    {
        var perSecond = options.Value("--reads-a-second", 1_000);
        var (sides, reads) = await SellAsync(options, perSecond);
        var lists = await EventLists.MeasureAsync(options);
        await Report.WriteAsync(
            "reads", options,
            $"""
            The hot event over {options.Connections} connections, alone and while its page (`GET /api/events/:id`) is
            read {perSecond:N0} times a second over {Readers} more. Then lists as the program reads them, by its own
            statements as a silo sends them, of {EventLists.SizesText(options)} events: a page of ten with its total,
            one after the other, the sizes in turns. {options.Rounds} rounds of {options.Round.TotalSeconds} s; medians.
            """,
            $"{Alternation.Table([.. sides, reads])}\n\n{lists.Table}\n\n" + Goal.Table([
                Goal.AtLeast("the sale's rate while read, of that alone", sides[1].RateRatio(sides[0]), 0.9, "P0"),
                .. lists.Goals]));
    }

    private static async Task<(Rounds[] Sides, Rounds Reads)> SellAsync(ScenarioOptions options, int perSecond)
    {
        await using var bench = await Bench.StartAsync();
        var hot = await bench.CreateEventAsync(1_000_000);
        using var sale = await Sale.OpenAsync(bench, options.Connections);
        using var readers = await bench.ConnectAsync(Readers);
        var page = new RequestForm("GET", $"/api/events/{hot}");
        var other = await bench.CreateEventAsync(1_000_000);
        await WarmUp.RunAsync([bench], () => sale.BookAsync(other, options.WarmUp), () => ReadAsync(options.WarmUp));
        var reads = new List<Round>();
        var sides = await Alternation.RunAsync(
            options.Rounds,
            new("the sale alone", () => sale.BookAsync(hot, options.Round)),
            new($"while its page is read {perSecond:N0} times a second", async () =>
            {
                Task<Round>? reading = null;
                var round = await sale.BookAsync(
                    [Sale.BookingOf(hot)], options.Round, () => reading = ReadAsync(options.Round));
                reads.Add(await reading!);
                return round;
            }));
        await bench.VerifyAsync(sale.Booked);
        return (sides, new("the page", reads));

        Task<Round> ReadAsync(TimeSpan duration)
        {
            var began = Stopwatch.GetTimestamp();
            return readers.RunAsync(
                _ => new Call(page), (_, _, answer) => answer.Status == 200 && Judges.Names(answer, hot), duration,
                number => TimeSpan.FromSeconds(number / (double)perSecond) - Stopwatch.GetElapsedTime(began));
        }
    }
}
