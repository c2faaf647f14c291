using System.Diagnostics;
using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks.Speed;

/// <summary>The first booking of an event that nobody has asked for since the silo started, with many bookings in the
/// database; and what those take in memory.</summary>
internal static class ActivationScenario
{
    public static async Task RunAsync(ScenarioOptions options)
    {
        var bookings = options.Value("--bookings", 100_000);
        await using var bench = await Bench.StartMeasuredAsync();
        var events = await MadeRows.EventsAsync(bench.Database, 1, options.Rounds + 1, 2 * bookings);
        foreach (var id in events) await MadeRows.BookingsAsync(bench.Database, id, bookings);
        await bench.ExecuteAsync("VACUUM ANALYZE");
        await bench.ExecuteAsync("CHECKPOINT");

        var warm = await bench.CreateEventAsync(1_000_000);
        using var sale = await Sale.OpenAsync(bench, options.Connections);
        await WarmUp.RunAsync([bench], () => sale.BookAsync(warm, options.WarmUp));
        var first = await FirstBookingAsync(bench, events[0]);

        var before = await bench.HeapBytesAsync();
        var times = new List<double>();
        foreach (var id in events.Skip(1)) times.Add(await FirstBookingAsync(bench, id));
        var bytes = (await bench.HeapBytesAsync() - before) / (double)bookings / options.Rounds;

        await bench.VerifyAsync(((long)bookings * events.Length) + events.Length + sale.Booked);
        await Report.WriteAsync(
            "activation", options,
            $"""
            {options.Rounds} events with {bookings:N0} confirmed bookings each, made by SQL; a silo that is warm from
            selling another event and has loaded one such event before. Bytes: how much the silo's heap has grown by all
            of them, after full collections.
            """,
            Report.Format($"""
            | | first booking, ms |
            | --- | ---: |
            | the silo's first such event | {first:F0} |
            | median of the others | {Medians.Of(times):F0} |
            | slowest of the others | {times.Max():F0} |
            """) + "\n\n" + Goal.Table(
                Goal.AtMost("first booking, ms", Medians.Of(times), 500, "0"),
                Goal.AtMost("bytes in memory a confirmed booking", bytes, 120, "0")));
    }

    /// <returns>In milliseconds.</returns>
    private static async Task<double> FirstBookingAsync(Bench bench, Guid eventId)
    {
        var caller = bench.NewCaller();
        var form = Sale.BookingOf(eventId);
        using var connection = await LoadConnection.OpenAsync(bench.Silo.Port);
        var began = Stopwatch.GetTimestamp();
        var answer = await connection.AskAsync(form, caller.Token);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return Judges.IsCallersOwn(0, new(form, caller), answer)
            ? took
            : throw new InvalidOperationException($"Answered {answer.Status}.");
    }
}
