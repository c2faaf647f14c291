using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks.Speed;

/// <summary>As many people as an event has tickets hold them, as many wait; then they change roles, step by
/// step.</summary>
/// <param name="people">Two for each ticket.</param>
internal sealed class Queueing(LoadDriver driver, Guid eventId, Caller[] people)
{
    private readonly RequestForm _book = Sale.BookingOf(eventId);
    private readonly RequestForm _join = Sale.JoiningOf(eventId);
    private readonly Guid[] _bookings = new Guid[people.Length / 2];
    private Caller[] _holding = people[..(people.Length / 2)];
    private Caller[] _waiting = people[(people.Length / 2)..];

    /// <summary>Confirmed so far, those that were cancelled later as well.</summary>
    public long Booked { get; private set; }

    public long Accepted { get; private set; }

    public long Joined { get; private set; }

    /// <summary>Sells all tickets, and the others queue.</summary>
    public async Task FillAsync()
    {
        await BookAsync(_holding);
        await JoinAsync(_waiting);
    }

    /// <summary>All who hold a ticket give it back.</summary>
    public async Task<Round> CancelAsync()
    {
        var forms = _bookings.Select(id => new RequestForm("PUT", $"/api/bookings/{id}/cancel")).ToArray();
        return await driver.RunAsync(
            number => number < forms.Length ? new Call(forms[number], _holding[number]) : null,
            (number, _, answer) => answer.Status == 200 && Judges.IdOf(answer) == _bookings[number]
                && answer.Body.Span.IndexOf("\"status\":\"cancelled\""u8) >= 0);
    }

    /// <summary>All who wait have an offer by now, and take it.</summary>
    public async Task<Round> AcceptAsync()
    {
        var round = await BookAsync(_waiting);
        Accepted += round.Done;
        (_holding, _waiting) = (_waiting, _holding);
        return round;
    }

    /// <summary>Who gave the ticket back queues.</summary>
    public Task<Round> JoinAsync() => JoinAsync(_waiting);

    private async Task<Round> BookAsync(Caller[] callers)
    {
        var round = await driver.RunAsync(
            number => number < callers.Length ? new Call(_book, callers[number]) : null,
            (number, call, answer) =>
            {
                if (!Judges.IsCallersOwn(number, call, answer)) return false;
                _bookings[number] = Judges.IdOf(answer);
                return true;
            });
        Booked += round.Done;
        return round;
    }

    private async Task<Round> JoinAsync(Caller[] callers)
    {
        var round = await driver.RunAsync(
            number => number < callers.Length ? new Call(_join, callers[number]) : null, Judges.IsCallersOwn);
        Joined += round.Done;
        return round;
    }
}
