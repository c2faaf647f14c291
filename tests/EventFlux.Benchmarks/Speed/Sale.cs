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

    public static RequestForm NoOpOf(Guid eventId, string target = MeasuredSilo.NoOp) =>
        new("POST", target, BodyOf(eventId));

    public static RequestForm JoiningOf(Guid eventId) => new("POST", "/api/waitlist/join", BodyOf(eventId));

    private static string BodyOf(Guid eventId) => $$"""{"event_id":"{{eventId}}","quantity":1}""";

    /// <summary>Books one event for that long.</summary>
    public Task<Round> BookAsync(Guid eventId, TimeSpan duration) => BookAsync([BookingOf(eventId)], duration);

    /// <summary>Books the events in turn.</summary>
    /// <param name="begin">Called when everything is ready and the first request is about to be sent.</param>
    public async Task<Round> BookAsync(RequestForm[] bookings, TimeSpan duration, Action? begin = null)
    {
        var round = await AskAsync(bookings, Judges.IsCallersOwn, duration, begin);
        Booked += round.Done;
        return round;
    }

    /// <summary>Asks for the same, and nothing is done about it.</summary>
    public Task<Round> DoNothingAsync(Guid eventId, TimeSpan duration) =>
        AskAsync([NoOpOf(eventId)], Judges.IsCallersOwn, duration);

    /// <summary>The same of somebody whom nobody asks who they are.</summary>
    public Task<Round> DoNothingForAnyoneAsync(Guid eventId, TimeSpan duration) => AskAsync(
        [NoOpOf(eventId, MeasuredSilo.NoOpForAnyone)], (_, _, answer) => answer.Status == 201, duration, named: false);

    /// <summary>Asks for tickets of an event that has none left.</summary>
    public Task<Round> BeRefusedAsync(Guid soldOut, TimeSpan duration) =>
        AskAsync([BookingOf(soldOut)], (_, _, answer) => Judges.IsSoldOut(answer), duration);

    public void Dispose() => driver.Dispose();

    private async Task<Round> AskAsync(
        RequestForm[] forms, Judge judge, TimeSpan duration, Action? begin = null, bool named = true)
    {
        // Made beforehand, so that signing tokens is no part of the round.
        var callers = named ? bench.NewCallers(5_000 + (int)(3 * _perSecond * duration.TotalSeconds)) : [];
        begin?.Invoke();
        var round = await driver.RunAsync(
            number => !named ? new Call(forms[number % forms.Length])
                : number < callers.Length ? new Call(forms[number % forms.Length], callers[number])
                : throw new InvalidOperationException("A round needs more tokens."),
            judge, duration);
        _perSecond = Math.Max(_perSecond, round.PerSecond);
        return round;
    }
}
