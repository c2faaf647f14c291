using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks.Speed;

/// <summary>The steps of a storm: each on the event of the one before it, and the first on a new one.</summary>
internal sealed class Storm(Bench bench, LoadDriver driver, int buyers, int tickets)
{
    private Guid _event;
    private Caller[] _refused = [];

    /// <summary>So far.</summary>
    public int Storms { get; private set; }

    public async Task<Round> BuyAsync()
    {
        Storms++;
        _event = await bench.CreateEventAsync(tickets);
        var callers = bench.NewCallers(buyers);
        var isRefused = new bool[buyers];
        var round = await AskAsync(
            Sale.BookingOf(_event), callers,
            (number, call, answer) =>
                (isRefused[number] = Judges.IsSoldOut(answer)) || Judges.IsCallersOwn(number, call, answer));
        _refused = [.. callers.Where((_, number) => isRefused[number])];
        return buyers - _refused.Length == tickets
            ? round
            : throw new InvalidOperationException($"{buyers - _refused.Length} of {tickets} tickets were sold.");
    }

    public Task<Round> DoNothingAsync() =>
        AskAsync(Sale.NoOpOf(_event), bench.NewCallers(buyers), Judges.IsCallersOwn);

    public Task<Round> JoinAsync() => AskAsync(Sale.JoiningOf(_event), _refused, Judges.IsCallersOwn);

    private Task<Round> AskAsync(RequestForm form, Caller[] callers, Judge judge) => driver.RunAsync(
        number => number < callers.Length ? new Call(form, callers[number]) : null, judge);
}
