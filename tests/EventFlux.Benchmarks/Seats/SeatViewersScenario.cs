using System.Diagnostics;
using System.Net.Http.Json;
using EventFlux.Benchmarks.Load;
using EventFlux.Benchmarks.Speed;
using EventFlux.Contracts.Users;

namespace EventFlux.Benchmarks.Seats;

/// <summary>A house that is sold out as fast as it goes, alone and while thousands look at its seats.</summary>
internal static class SeatViewersScenario
{
    private const int Rows = 200;
    private const int SeatsOfRow = 50;
    private const int Seats = Rows * SeatsOfRow;
    private const int Readers = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(ScenarioOptions options)
    {
        var count = options.Value("--viewers", 1_000);
        var perSecond = options.Value("--reads-a-second", 500);
        await using var bench = await Bench.StartAsync();
        using var driver = await bench.ConnectAsync(options.Connections);
        var (heard, behind) = (new List<double>(), new List<double>());
        Console.WriteLine("warming up");
        await SellAsync(bench, driver, 0, 0, [], []);
        await SellAsync(bench, driver, count, perSecond, [], []);

        var sides = await Alternation.RunAsync(
            options.Rounds,
            new("the sale alone", () => SellAsync(bench, driver, 0, 0, [], [])),
            new($"while {count:N0} watch its stream", () => SellAsync(bench, driver, count, 0, heard, behind)),
            new($"and its map is read {perSecond:N0} times a second besides",
                () => SellAsync(bench, driver, count, perSecond, [], [])));
        await bench.VerifyAsync(Seats * ((3 * options.Rounds) + 2));
        await Report.WriteAsync(
            "seat-viewers", options,
            $"""
            A house of {Seats:N0} seats that is sold out, a seat a booking, the best that is left, over
            {options.Connections} connections: alone, while {count:N0} others have its stream open, and while
            `GET /api/events/:id/seats` (Brotli) is asked for {perSecond:N0} times a second besides. {options.Rounds}
            rounds, a new house each; medians. Viewers and readers are part of the driver, on the same processors.
            """,
            $"{Alternation.Table(sides)}\n\n" + Report.Format($"""
                A viewer received {Medians.Of(heard):F0} KB a sale, and the last one heard of its end {
                    Medians.Of(behind):F0} ms after its last answer. Of the sale's rate {
                    sides[1].RateRatio(sides[0]):P0} were left while it was watched, {
                    sides[2].RateRatio(sides[0]):P0} while its map was read besides.
                """),
            checks: "Every viewer heard that nothing is left.");
    }

    private static async Task<Round> SellAsync(
        Bench bench, LoadDriver driver, int count, int perSecond, List<double> heard, List<double> behind)
    {
        var house = await OpenHouseAsync(bench);
        var callers = bench.NewCallers(Seats);
        using var viewers = await SeatViewers.OpenAsync(bench.Silo.Port, house, count);
        using var over = new CancellationTokenSource();
        var reading = ReadAsync(bench, house, perSecond, over.Token);
        var booking = Sale.BookingOf(house);
        var round = await driver.RunAsync(
            number => number < Seats ? new Call(booking, callers[number]) : null, Judges.IsCallersOwn);
        var ended = Stopwatch.GetTimestamp();
        await viewers.WaitUntilToldAsync(Patience);
        behind.Add(Stopwatch.GetElapsedTime(ended).TotalMilliseconds);
        heard.Add(viewers.Bytes / 1024.0 / Math.Max(1, count));
        await over.CancelAsync();
        await reading;
        return round;
    }

    private static async Task<Guid> OpenHouseAsync(Bench bench)
    {
        var id = await bench.CreateEventAsync(1);
        var plan = new
        {
            sections = new[]
            {
                new
                {
                    code = "S", name = "Stalls", price = 10m,
                    rows = Enumerable.Range(1, Rows).Select(row => new
                    {
                        label = $"{row}",
                        seats = Enumerable.Range(1, SeatsOfRow)
                            .Select(seat => new { number = $"{seat}", x = seat * 0.5, y = row }),
                    }),
                },
            },
        };
        var request = new HttpRequestMessage(HttpMethod.Put, $"/api/events/{id}/seats")
        {
            Content = JsonContent.Create(plan),
        };
        request.Headers.Authorization = new("Bearer", bench.NewToken(UserRole.Admin));
        using var answer = await bench.Silo.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return id;
    }

    private static Task ReadAsync(Bench bench, Guid house, int perSecond, CancellationToken over) =>
        perSecond == 0 ? Task.CompletedTask : Task.WhenAll(Enumerable.Range(0, Readers).Select(async _ =>
        {
            var began = Stopwatch.GetTimestamp();
            for (var read = 0; !over.IsCancellationRequested; read++)
            {
                var pause = TimeSpan.FromSeconds(read * (double)Readers / perSecond) - Stopwatch.GetElapsedTime(began);
                if (pause.TotalMilliseconds >= 1) await Task.Delay(pause, CancellationToken.None);
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/events/{house}/seats");
                request.Headers.AcceptEncoding.Add(new("br"));
                using var answer = await bench.Silo.Http.SendAsync(request, CancellationToken.None);
                answer.EnsureSuccessStatusCode();
            }
        }));
}
