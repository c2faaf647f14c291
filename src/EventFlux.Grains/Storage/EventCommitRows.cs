using System.Diagnostics;
using EventFlux.Contracts;
using EventFlux.Contracts.Waitlist;
using EventFlux.Grains.Events;

namespace EventFlux.Grains.Storage;

/// <summary>
/// The rows that the facts of one commit, or of several events' commits, come to, each written once: a booking or an
/// entry that came and went within a commit is inserted as it ended.
/// </summary>
internal sealed partial class EventCommitRows
{
    private readonly Dictionary<Guid, EntryRow> _entries = [];
    private readonly Dictionary<(Guid EventId, DateOnly Day), DayRow> _days = [];
    private readonly Dictionary<Guid, int> _buyers = [];

    /// <summary>Of the commit whose facts are being added.</summary>
    private readonly Guid _eventId;

    public EventCommitRows(IReadOnlyList<EventCommit> commits)
    {
        foreach (var commit in commits)
        {
            _eventId = commit.EventId;
            foreach (var fact in commit.Facts) Add(fact);
        }
    }

    public EventCreated? Created { get; private set; }

    /// <summary>When details, capacity or status last changed; null when they didn't.</summary>
    public DateTimeOffset? ChangedAt { get; private set; }

    public DateTimeOffset? DeletedAt { get; private set; }

    /// <summary>When the event was called off, with every booking that was confirmed then.</summary>
    public DateTimeOffset? CancelledAt { get; private set; }

    /// <summary>When every open waitlist entry ended with the event.</summary>
    public DateTimeOffset? WaitlistClosedAt { get; private set; }

    public List<BookingRow> NewBookings { get; } = [];

    public List<BookingCancelled> CancelledBookings { get; } = [];

    public List<EntryRow> NewEntries { get; } = [];

    public List<EntryRow> ChangedEntries { get; } = [];

    public List<KeyRow> Keys { get; } = [];

    public IReadOnlyCollection<DayRow> Days => _days.Values;

    /// <summary>By user, by how much the number of confirmed bookings changed; without those whose number is as
    /// before, and without what calling off cancels.</summary>
    public IReadOnlyList<KeyValuePair<Guid, int>> BuyerChanges => [.. _buyers.Where(change => change.Value != 0)];

    public List<OutboxRow> Outbox { get; } = [];

    public List<ActionRow> Actions { get; } = [];

    private void Add(EventFact fact)
    {
        switch (fact)
        {
            case EventCreated created:
                Created = created;
                Tell("event_created", fact);
                break;
            case EventChanged:
                ChangedAt = fact.At;
                Tell("event_changed", fact);
                break;
            case EventCancelled:
                ChangedAt = CancelledAt = fact.At;
                Tell("event_cancelled", fact);
                break;
            case EventCompleted:
                ChangedAt = fact.At;
                Tell("event_completed", fact);
                break;
            case EventDeleted:
                ChangedAt = DeletedAt = fact.At;
                Tell("event_deleted", fact);
                break;
            case BookingConfirmed booking:
                Add(booking);
                break;
            case BookingCancelled booking:
                Add(booking);
                break;
            case WaitlistJoined joined:
                Add(joined);
                break;
            case OfferMade offer:
                Change(offer.EntryId).Offer(offer);
                Day(fact).Offers++;
                Tell("offer_made", fact, offer.EntryId, offer.UserId, offer.Quantity);
                break;
            case WaitlistEntryEnded ended:
                Change(ended.EntryId).End(ended);
                if (ended.Status == WaitlistStatus.Converted) Day(fact).Conversions++;
                Tell("waitlist_" + ended.Status.ToText(), fact, ended.EntryId, ended.UserId, ended.Quantity);
                break;
            case WaitlistClosed:
                WaitlistClosedAt = fact.At;
                Tell("waitlist_closed", fact);
                break;
            case TicketsHeld or HoldExtended or HoldEnded:
                AddToHolds(fact);
                break;
            case SeatPlanSet or SeatsBlocked:
                ChangedAt = fact.At;
                AddToSeats(fact);
                Tell("seats_changed", fact);
                break;
            case ActionNoted noted:
                Actions.Add(new(noted.BookingId ?? _eventId, noted));
                break;
            default:
                throw new UnreachableException(fact.GetType().Name);
        }
    }

    private void Add(BookingConfirmed fact)
    {
        NewBookings.Add(new(_eventId, fact));
        var day = Day(fact);
        day.Bookings++;
        day.Tickets += fact.Quantity;
        day.Revenue += fact.Tickets.Amount;
        ChangeBuyer(fact.UserId, 1);
        Keep(fact.Claim, "booking", fact.UserId, fact.BookingId, fact.At);
        Tell("booking_confirmed", fact, fact.BookingId, fact.UserId, fact.Quantity);
    }

    private void Add(BookingCancelled fact)
    {
        if (NewBookings.Find(row => row.Fact.BookingId == fact.BookingId) is { } row) row.CancelledAt = fact.At;
        else CancelledBookings.Add(fact);
        GiveUp(fact);
        var day = Day(fact);
        day.Cancellations++;
        day.Refunded += fact.Amount;
        ChangeBuyer(fact.UserId, -1);
        Tell("booking_cancelled", fact, fact.BookingId, fact.UserId, fact.Quantity);
    }

    private void Add(WaitlistJoined fact)
    {
        var row = new EntryRow(_eventId, fact.EntryId) { Joined = fact };
        _entries.Add(fact.EntryId, row);
        NewEntries.Add(row);
        Day(fact).WaitlistJoins++;
        Keep(fact.Claim, "waitlist", fact.UserId, fact.EntryId, fact.At);
        Tell("waitlist_joined", fact, fact.EntryId, fact.UserId, fact.Quantity);
    }

    private EntryRow Change(Guid entryId)
    {
        if (_entries.TryGetValue(entryId, out var row)) return row;
        _entries.Add(entryId, row = new(_eventId, entryId));
        ChangedEntries.Add(row);
        return row;
    }

    private DayRow Day(EventFact fact)
    {
        var key = (_eventId, DateOnly.FromDateTime(fact.At.UtcDateTime));
        if (!_days.TryGetValue(key, out var row)) _days.Add(key, row = new(key.Item1, key.Item2));
        return row;
    }

    private void ChangeBuyer(Guid userId, int change) =>
        _buyers[userId] = _buyers.GetValueOrDefault(userId) + change;

    private void Keep(IdempotencyClaim? claim, string scope, Guid userId, Guid resourceId, DateTimeOffset at)
    {
        if (claim is not null) Keys.Add(new(userId, scope, claim, resourceId, at));
    }

    private void Tell(string kind, EventFact fact, Guid? subjectId = null, Guid? userId = null, int? quantity = null) =>
        Outbox.Add(new(_eventId, kind, subjectId ?? _eventId, userId, quantity, fact.At));
}
