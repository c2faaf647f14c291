using System.Diagnostics;
using System.Text;
using EventFlux.Benchmarks.Load;
using EventFlux.Contracts.Seats;
using EventFlux.Grains.Seats;

namespace EventFlux.Benchmarks.Seats;

/// <summary>What a choice of seats costs in a big house that is more than half sold, beside a search of all of
/// it.</summary>
internal static class BestAvailableScenario
{
    private const int Seed = 2030;
    private const double SoldShare = 0.6;
    private const int Repeats = 20;
    private const int Choices = 100;
    private const int ScannedChoices = 10;
    private static readonly SeatWish[] Wishes =
        [new(1), new(2), new(4), new(8), new(2, Wheelchairs: 1), new(4, Wheelchairs: 1)];

    public static async Task RunAsync(ScenarioOptions options)
    {
        var table = new StringBuilder("""
            | sold | seats | side by side, µs | whole search, µs | ratio | bytes | booking, µs | split | µs | bytes |
            | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |

            """);
        (string Name, Func<SeatMap> Sell)[] houses =
        [
            ("scattered at random", SoldAtRandom),
            ("by best available, parties of 1 to 8", () => SoldByChoice(random => random.Next(1, 9))),
            ("by best available, parties of 4", () => SoldByChoice(_ => 4)),
        ];
        foreach (var (sold, sell) in houses)
        {
            var map = sell();
            foreach (var wish in Wishes) table.AppendLine(RowOf(sold, map, wish, options));
        }

        await Report.WriteAsync(
            "best-available", options,
            $"""
            A house of {BigHouse.Seats:N0} seats, {BigHouse.RowCount:N0} rows of {BigHouse.SeatsOfRow}, of which
            {SoldShare:P0} are sold in three ways. Again and again {Choices} parties choose and book one after
            the other, then all give back; before each of {ScannedChoices} of the choices the whole house is also
            searched in one pass, without anything kept up to date. Medians of {options.Rounds} rounds, each
            {Repeats} times that, of the mean of a choice side by side; what it allocates; what it costs
            to book the seats; then how many of the choices had to be split, and what such a one costs.
            """,
            table.ToString(),
            checks: """
            The search, which knows nothing of wheelchairs, found the same seats whenever a party was not split.
            """);
    }

    private static string RowOf(string sold, SeatMap map, SeatWish wish, ScenarioOptions options)
    {
        var rounds = new List<Measured>();
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < options.WarmUp / 4;)
            Measure(map, wish);
        for (var round = 0; round < options.Rounds; round++) rounds.Add(Measure(map, wish));
        var (choice, scan) = (Median(rounds, r => r.Choosing), Median(rounds, r => r.Scanning));
        var splits = Median(rounds, r => r.SplitShare);
        var split = splits == 0
            ? Report.Format($"0 % | | |")
            : Report.Format($"""
                {splits:P0} | {Median(rounds, r => r.Splitting):F0} | {Median(rounds, r => r.SplitBytes):F0} |
                """);
        var seats = wish.Wheelchairs > 0 ? $"{wish.Quantity}, one in a wheelchair" : $"{wish.Quantity}";
        var search = wish.Wheelchairs > 0 ? "|" : Report.Format($"{scan:F0} | {scan / choice:F0}");
        return Report.Format($"""
            | {sold} | {seats} | {choice:F2} | {search} | {
                Median(rounds, r => r.Bytes):F0} | {Median(rounds, r => r.Booking):F2} | {split}
            """);
    }

    private static Measured Measure(SeatMap map, SeatWish wish)
    {
        var (sideBySide, splits, scans, booking) = (new Tally(), new Tally(), new Tally(), new Tally());
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var taken = new List<int>();
            for (var choice = 0; choice < Choices; choice++)
            {
                var scanned = choice % (Choices / ScannedChoices) == 0 && wish.Wheelchairs == 0
                    ? scans.Time(() => HouseSearch.Choose(map, wish.Quantity))
                    : (int?)null;
                var (allocated, begun) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
                var chosen = BestAvailable.Choose(map, wish)!;
                var ticks = Stopwatch.GetTimestamp() - begun;
                var bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
                var isSplit = map[chosen[0]].Row != map[chosen[^1]].Row || chosen[^1] - chosen[0] >= wish.Quantity;
                (isSplit ? splits : sideBySide).Add(ticks, bytes);
                if (scanned is not null && scanned != (isSplit ? -1 : chosen[0]))
                    throw new InvalidOperationException($"Chosen {chosen[0]}, found {scanned}.");

                begun = Stopwatch.GetTimestamp();
                foreach (var seat in chosen) map.Set(seat, SeatState.Booked);
                booking.Add(Stopwatch.GetTimestamp() - begun);
                taken.AddRange(chosen);
            }

            foreach (var seat in taken) map.Set(seat, SeatState.Available);
        }

        return new(
            sideBySide.Microseconds, sideBySide.Bytes, scans.Microseconds, booking.Microseconds, splits.Microseconds,
            splits.Bytes, (double)splits.Count / Choices / Repeats);
    }

    private static SeatMap SoldAtRandom()
    {
        var (map, random) = (new SeatMap(BigHouse.Plan()), new Random(Seed));
        for (var seat = 0; seat < map.Count; seat++)
        {
            if (map.KindOf(seat) == SeatKind.Standard && random.NextDouble() < SoldShare)
                map.Set(seat, SeatState.Booked);
        }

        return map;
    }

    private static SeatMap SoldByChoice(Func<Random, int> party)
    {
        var (map, random) = (new SeatMap(BigHouse.Plan()), new Random(Seed));
        for (var sold = 0; sold < SoldShare * map.Count;)
        {
            var chosen = BestAvailable.Choose(map, new(party(random)))!;
            foreach (var seat in chosen) map.Set(seat, SeatState.Booked);
            sold += chosen.Length;
        }

        return map;
    }

    private static double Median(List<Measured> rounds, Func<Measured, double> figure) =>
        Medians.Of(rounds.Select(figure));

    /// <summary>Means of a choice: microseconds, bytes, how many of all.</summary>
    private readonly record struct Measured(
        double Choosing, double Bytes, double Scanning, double Booking, double Splitting, double SplitBytes,
        double SplitShare);

    /// <summary>Sums up, and tells means.</summary>
    private sealed class Tally
    {
        private long _ticks;
        private long _bytes;

        public int Count { get; private set; }

        public double Microseconds => _ticks * 1e6 / Stopwatch.Frequency / Math.Max(1, Count);

        public double Bytes => (double)_bytes / Math.Max(1, Count);

        public T Time<T>(Func<T> work)
        {
            var begun = Stopwatch.GetTimestamp();
            var result = work();
            Add(Stopwatch.GetTimestamp() - begun);
            return result;
        }

        public void Add(long ticks, long bytes = 0)
        {
            _ticks += ticks;
            _bytes += bytes;
            Count++;
        }
    }
}
