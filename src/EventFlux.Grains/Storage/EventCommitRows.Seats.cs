using EventFlux.Grains.Events;

namespace EventFlux.Grains.Storage;

/// <content>Holds and seats.</content>
internal sealed partial class EventCommitRows
{
    private readonly Dictionary<Guid, HoldRow> _holds = [];
    private readonly Dictionary<string, SeatsBlocked> _blocks = new(StringComparer.Ordinal);

    public List<HoldRow> NewHolds { get; } = [];

    public List<HoldRow> ChangedHolds { get; } = [];

    /// <summary>The last one of the batch.</summary>
    public SeatPlanSet? Plan { get; private set; }

    /// <summary>Seats whose bookings from before the commit were cancelled.</summary>
    public List<(Guid EventId, string SeatId)> SeatsGivenUp { get; } = [];

    /// <summary>Seats by their ids, with the last that was said about each; blocked, or back in the sale.</summary>
    public IReadOnlyCollection<KeyValuePair<string, SeatsBlocked>> Blocks => _blocks;

    private void AddToHolds(EventFact fact)
    {
        switch (fact)
        {
            case TicketsHeld held:
                var row = new HoldRow(_eventId, held.HoldId) { Begun = held, ExpiresAt = held.ExpiresAt };
                _holds.Add(held.HoldId, row);
                NewHolds.Add(row);
                Keep(held.Claim, "hold", held.UserId, held.HoldId, held.At);
                Tell("tickets_held", fact, held.HoldId, held.UserId, held.Tickets.Quantity);
                break;
            case HoldExtended extended:
                ChangeHold(extended.HoldId).Extend(extended);
                Tell("hold_extended", fact, extended.HoldId, extended.UserId);
                break;
            case HoldEnded ended:
                ChangeHold(ended.HoldId).End(ended);
                Tell("hold_" + ended.Status.ToText(), fact, ended.HoldId, ended.UserId, ended.Quantity);
                break;
        }
    }

    private void AddToSeats(EventFact fact)
    {
        switch (fact)
        {
            case SeatPlanSet plan:
                Plan = plan;
                foreach (var seat in plan.Unblocked) _blocks[seat] = new([], null, plan.Capacity, plan.At);
                break;
            case SeatsBlocked blocked:
                foreach (var seat in blocked.Seats) _blocks[seat] = blocked;
                break;
        }
    }

    private void GiveUp(BookingCancelled fact)
    {
        if (fact.Seats.IsDefault || NewBookings.Exists(row => row.Fact.BookingId == fact.BookingId)) return;
        foreach (var seat in fact.Seats) SeatsGivenUp.Add((_eventId, seat));
    }

    private HoldRow ChangeHold(Guid holdId)
    {
        if (_holds.TryGetValue(holdId, out var row)) return row;
        _holds.Add(holdId, row = new(_eventId, holdId));
        ChangedHolds.Add(row);
        return row;
    }
}
