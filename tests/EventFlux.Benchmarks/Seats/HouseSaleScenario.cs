using System.Diagnostics;
using EventFlux.Benchmarks.Load;
using EventFlux.Benchmarks.Speed;

namespace EventFlux.Benchmarks.Seats;

/// <summary>A house is sold to groups that hold and book, all at once; and what seats cost a booking beside general
/// admission.</summary>
internal static class HouseSaleScenario
{
    private const int Seed = 2030;

    public static async Task RunAsync(ScenarioOptions options)
    {
        var buyers = options.Value("--buyers", 2_000);
        var connections = options.Value("--connections", 64);
        await using var bench = await Bench.StartMeasuredAsync();
        var house = new House(bench, sections: 4, rows: 50, seats: 50);
        Console.WriteLine("warming up");
        var (before, _) = await SellAsync(bench, await new House(bench, 1, 40, 50).OpenAsync(), buyers);

        var opened = await house.OpenAsync();
        var (sale, elapsed) = await SellAsync(bench, opened, buyers);
        var replay = new HouseReplay([.. house.Rows]);
        await replay.RunAsync(bench.Database, opened);
        await bench.ExpectAsync(
            house.Seats, $"SELECT count(DISTINCT seat_id) FROM sold_seats WHERE event_id = '{opened}'", "sold seats");
        await bench.ExpectAsync(
            sale.Booked, $"SELECT count(*) FROM bookings WHERE event_id = '{opened}'", "bookings of the house");
        if (replay.NeedlessSplits > 0)
            throw new InvalidOperationException($"{replay.NeedlessSplits} groups were split without need.");

        using var one = await Sale.OpenAsync(bench, connections);
        var hall = await bench.CreateEventAsync(1_000_000);
        var halves = new House(bench, sections: 20, rows: 100, seats: 50);
        await one.BookAsync(hall, options.WarmUp);
        await one.BookAsync(await halves.OpenAsync(), options.WarmUp);
        var sides = await Alternation.RunAsync(
            options.Rounds,
            new("general admission, one ticket", () => one.BookAsync(hall, options.Round)),
            new($"the best of {halves.Seats:N0} seats", async () =>
                await one.BookAsync(await halves.OpenAsync(), options.Round)));
        await bench.VerifyAsync(before.Booked + sale.Booked + one.Booked);

        await Report.WriteAsync(
            "house-sale", options,
            Report.Format($"""
            A house of {house.Seats:N0} seats in 4 sections, rows of 50. {buyers:N0} buyers at once, each again and
            again another user with a group of 1 to 6: the best available are held, then booked; one in ten lets go.
            Until nothing is left; who finds no room for the group takes a smaller one. Then the sale is played again
            from its rows and looked at from end to end at each step. Below it what seats cost: one ticket of general
            admission beside the best of {halves.Seats:N0} seats, {connections} connections, {options.Rounds} rounds
            of {options.Round.TotalSeconds} s in turns, each on another house; medians.
            """),
            Report.Format($"""
            | the sale | |
            | --- | ---: |
            | seconds | {elapsed.TotalSeconds:F1} |
            | requests a second | {sale.Requests / elapsed.TotalSeconds:F0} |
            | bookings | {sale.Booked} |
            | groups that held seats | {replay.Groups} |
            | of them split | {replay.Splits} |
            | split without need | {replay.NeedlessSplits} |
            | taken at the first split | {replay.TakenAtFirstSplit:P1} |
            | seats alone among the free, half taken | {replay.Stranded.GetValueOrDefault(0.5):P1} |
            | at 75 % | {replay.Stranded.GetValueOrDefault(0.75):P1} |
            | at 90 % | {replay.Stranded.GetValueOrDefault(0.9):P1} |

            {Alternation.Table(sides)}

            Seats, of general admission: {sides[1].RateRatio(sides[0]):P0}.
            """),
            "Every answer was checked; each seat was sold once; `verify` found no difference between sums and rows.");
    }

    private static async Task<(HouseBuyers Sale, TimeSpan Elapsed)> SellAsync(Bench bench, Guid house, int buyers)
    {
        var sale = new HouseBuyers(bench, house, Seed);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, buyers).Select(_ => Task.Run(sale.BuyAsync)));
        return (sale, Stopwatch.GetElapsedTime(started));
    }
}
