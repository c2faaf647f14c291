using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks.Speed;

/// <summary>People who book one ticket each, every one with a token of its own, and what they got.</summary>
internal sealed class Sale(Bench bench, LoadDriver driver) : IDisposable
{
    /// <summary>The most that a round has shown; guessed before the first.</summary>
    private double _perSecond = 10_000;

    /// <summary>Confirmed so far.</summary>
    public long Booked { get; private set; }

    public static async Task<Sale> OpenAsync(Bench bench, int connections) =>
        new(bench, await bench.ConnectAsync(connections));

    public static RequestForm BookingOf(Guid eventId) => new("POST", "/api/bookings", BodyOf(eventId));

    public static RequestForm NoOpOf(Guid eventId) => new("POST", MeasuredSilo.NoOp, BodyOf(eventId));

    public static RequestForm JoiningOf(Guid eventId) => new("POST", "/api/waitlist/join", BodyOf(eventId));

    private static string BodyOf(Guid eventId) => $$"""{"event_id":"{{eventId}}","quantity":1}""";

    /// <summary>Books one event for that long.</summary>
    public Task<Round> BookAsync(Guid eventId, TimeSpan duration) => BookAsync([BookingOf(eventId)], duration);

    /// <summary>Books the events in turn.</summary>
    /// <param name="begin">Called when everything is ready and the first request is about to be sent.</param>
    public async Task<Round> BookAsync(RequestForm[] bookings, TimeSpan duration, Action? begin = null)
    {
        var round = await AskAsync(bookings, duration, begin);
        Booked += round.Done;
        return round;
    }

    /// <summary>Asks for the same, and nothing is done about it.</summary>
    public Task<Round> DoNothingAsync(Guid eventId, TimeSpan duration) => AskAsync([NoOpOf(eventId)], duration);

    public void Dispose() => driver.Dispose();

    private async Task<Round> AskAsync(RequestForm[] forms, TimeSpan duration, Action? begin = null)
    {
        // Made beforehand, so that signing tokens is no part of the round.
        var callers = bench.NewCallers(5_000 + (int)(2 * _perSecond * duration.TotalSeconds));
        begin?.Invoke();
        var round = await driver.RunAsync(
            number => number < callers.Length
                ? new Call(forms[number % forms.Length], callers[number])
                : throw new InvalidOperationException("A round needs more tokens."),
            Judges.IsCallersOwn, duration);
        _perSecond = Math.Max(_perSecond, round.PerSecond);
        return round;
    }
}
