using System.Collections.Immutable;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Holds;
using EventFlux.Contracts.Waitlist;

namespace EventFlux.Tests.Properties;

/// <summary>
/// The rules of an event written down as plainly as they are spoken, with lists that are searched from end to end: what
/// the inventory is held against. Immutable, so that a crash is a step back to an earlier value.
/// </summary>
internal sealed record NaiveEvent(
    TimeSpan OfferDuration, TimeSpan HoldDuration, DateTimeOffset Date, int Capacity, EventStatus Status)
{
    public bool Deleted { get; init; }

    public string Currency { get; init; } = "USD";

    /// <summary>Whether anybody has ever booked.</summary>
    public bool Sold { get; init; }

    public ImmutableList<(Guid User, Guid Id, int Quantity)> Bookings { get; init; } = [];

    /// <summary>Open entries in the order of joining; an end means an open offer.</summary>
    public ImmutableList<(Guid User, int Quantity, DateTimeOffset? End)> Queue { get; init; } = [];

    public ImmutableList<(Guid User, Guid Id, int Quantity, DateTimeOffset End, bool Extended)> Holds { get; init; } =
        [];

    public int Booked => Bookings.Sum(b => b.Quantity);

    public int Held => Queue.Where(e => e.End is not null).Sum(e => e.Quantity) + Holds.Sum(h => h.Quantity);

    public int Free => Capacity - Booked - Held;

    public int Waiting => Queue.Count(e => e.End is null);

    public (NaiveEvent After, BookOutcome Outcome) Book(Guid user, Guid id, int quantity, DateTimeOffset now)
    {
        var it = At(now);
        if (it.Deleted) return (it, BookOutcome.EventNotFound);
        if (it.Status != EventStatus.Active) return (it, BookOutcome.EventNotBookable);
        if (it.Bookings.Exists(b => b.User == user)) return (it, BookOutcome.DuplicateBooking);
        if (it.Holds.Exists(h => h.User == user)) return (it, BookOutcome.HoldExists);
        var entry = it.Queue.Find(e => e.User == user);
        var bookable = entry.End is null ? it.Free : entry.Quantity;
        if (quantity > bookable) return (it, BookOutcome.InsufficientAvailability);
        it = it with
        {
            Queue = it.Queue.RemoveAll(e => e.User == user), Bookings = it.Bookings.Add((user, id, quantity)),
            Sold = true,
        };
        return (it.GiveFree(now), BookOutcome.Confirmed);
    }

    public (NaiveEvent After, BookOutcome Outcome) BookHold(Guid user, Guid holdId, Guid id, DateTimeOffset now)
    {
        var it = At(now);
        if (it.Deleted) return (it, BookOutcome.EventNotFound);
        if (it.Status != EventStatus.Active) return (it, BookOutcome.EventNotBookable);
        if (it.Bookings.Exists(b => b.User == user)) return (it, BookOutcome.DuplicateBooking);
        var hold = it.Holds.Find(h => h.User == user && h.Id == holdId);
        if (hold.Id == default) return (it, BookOutcome.HoldNotFound);
        it = it with
        {
            Holds = it.Holds.Remove(hold), Bookings = it.Bookings.Add((user, id, hold.Quantity)), Sold = true,
        };
        return (it, BookOutcome.Confirmed);
    }

    public (NaiveEvent After, HoldOutcome Outcome) Hold(Guid user, Guid id, int quantity, DateTimeOffset now)
    {
        var it = At(now);
        if (it.Deleted) return (it, HoldOutcome.EventNotFound);
        if (it.Status != EventStatus.Active) return (it, HoldOutcome.EventNotBookable);
        if (it.Bookings.Exists(b => b.User == user)) return (it, HoldOutcome.DuplicateBooking);
        if (it.Holds.Exists(h => h.User == user)) return (it, HoldOutcome.HoldExists);
        var entry = it.Queue.Find(e => e.User == user);
        if (quantity > (entry.End is null ? it.Free : entry.Quantity))
            return (it, HoldOutcome.InsufficientAvailability);
        var end = now + HoldDuration < it.Date ? now + HoldDuration : it.Date;
        it = it with
        {
            Queue = it.Queue.RemoveAll(e => e.User == user), Holds = it.Holds.Add((user, id, quantity, end, false)),
        };
        return (it.GiveFree(now), HoldOutcome.Held);
    }

    public (NaiveEvent After, HoldOutcome Outcome) Extend(Guid user, Guid id, DateTimeOffset now)
    {
        var it = At(now);
        if (it.Deleted) return (it, HoldOutcome.EventNotFound);
        var place = it.Holds.FindIndex(h => h.User == user && h.Id == id);
        if (place < 0) return (it, HoldOutcome.HoldNotFound);
        var hold = it.Holds[place];
        if (hold.Extended) return (it, HoldOutcome.AlreadyExtended);
        var end = hold.End + HoldDuration < it.Date ? hold.End + HoldDuration : it.Date;
        it = it with { Holds = it.Holds.SetItem(place, hold with { End = end, Extended = true }) };
        return (it, HoldOutcome.Held);
    }

    public (NaiveEvent After, ReleaseHoldOutcome Outcome) Release(Guid user, Guid id, DateTimeOffset now)
    {
        var it = At(now);
        if (it.Deleted) return (it, ReleaseHoldOutcome.EventNotFound);
        if (!it.Holds.Exists(h => h.User == user && h.Id == id)) return (it, ReleaseHoldOutcome.HoldNotFound);
        it = it with { Holds = it.Holds.RemoveAll(h => h.User == user) };
        return (it.GiveFree(now), ReleaseHoldOutcome.Released);
    }

    public (NaiveEvent After, CancelBookingOutcome Outcome) Return(Guid user, Guid id, bool admin, DateTimeOffset now)
    {
        var it = At(now);
        if (!it.Bookings.Exists(b => b.Id == id)) return (it, CancelBookingOutcome.AlreadyCancelled);
        if (!admin && now > it.Date.AddHours(-24)) return (it, CancelBookingOutcome.DeadlinePassed);
        it = it with { Bookings = it.Bookings.RemoveAll(b => b.User == user) };
        return (it.GiveFree(now), CancelBookingOutcome.Cancelled);
    }

    public (NaiveEvent After, JoinWaitlistOutcome Outcome) Join(Guid user, int quantity, DateTimeOffset now)
    {
        var it = At(now);
        if (it.Deleted) return (it, JoinWaitlistOutcome.EventNotFound);
        if (it.Status != EventStatus.Active) return (it, JoinWaitlistOutcome.EventNotBookable);
        if (it.Bookings.Exists(b => b.User == user)) return (it, JoinWaitlistOutcome.DuplicateBooking);
        if (it.Holds.Exists(h => h.User == user)) return (it, JoinWaitlistOutcome.HoldExists);
        if (it.Queue.Exists(e => e.User == user)) return (it, JoinWaitlistOutcome.AlreadyOnWaitlist);
        if (it.Free >= quantity) return (it, JoinWaitlistOutcome.TicketsStillAvailable);
        return (it with { Queue = it.Queue.Add((user, quantity, null)) }, JoinWaitlistOutcome.Joined);
    }

    public (NaiveEvent After, LeaveWaitlistOutcome Outcome) Leave(Guid user, DateTimeOffset now)
    {
        var it = At(now);
        if (it.Deleted) return (it, LeaveWaitlistOutcome.EventNotFound);
        if (!it.Queue.Exists(e => e.User == user)) return (it, LeaveWaitlistOutcome.EntryNotFound);
        it = it with { Queue = it.Queue.RemoveAll(e => e.User == user) };
        return (it.GiveFree(now), LeaveWaitlistOutcome.Left);
    }

    public (NaiveEvent After, UpdateEventOutcome Outcome) Update(
        int? capacity, DateTimeOffset? date, EventStatus? status, string? currency, DateTimeOffset now)
    {
        var it = At(now);
        if (it.Deleted) return (it, UpdateEventOutcome.EventNotFound);
        var (newCapacity, newDate, newStatus) = (capacity ?? it.Capacity, date ?? it.Date, status ?? it.Status);
        var newCurrency = currency ?? it.Currency;
        var changes = newCapacity != it.Capacity || newDate != it.Date || newStatus != it.Status
                      || newCurrency != it.Currency;
        if (changes && it.Status is EventStatus.Cancelled or EventStatus.Completed)
            return changes ? (it, UpdateEventOutcome.EventIsFinal) : (it, UpdateEventOutcome.Updated);
        if (newDate <= now && (newDate != it.Date || (it.Status, newStatus) == (EventStatus.Draft, EventStatus.Active)))
            return (it, UpdateEventOutcome.DateNotInFuture);
        if (newCurrency != it.Currency && (it.Sold || it.Held > 0)) return (it, UpdateEventOutcome.CurrencyInUse);
        if (newCapacity < it.Booked + it.Held) return (it, UpdateEventOutcome.CapacityBelowBooked);
        it = it with { Capacity = newCapacity, Date = newDate, Status = newStatus, Currency = newCurrency };
        if (newStatus == EventStatus.Cancelled) it = it with { Bookings = [], Queue = [], Holds = [] };
        return (it.GiveFree(now), UpdateEventOutcome.Updated);
    }

    public (NaiveEvent After, DeleteEventOutcome Outcome) Delete(DateTimeOffset now)
    {
        var it = At(now);
        if (it.Deleted) return (it, DeleteEventOutcome.EventNotFound);
        if (it.Bookings.Count > 0) return (it, DeleteEventOutcome.EventHasBookings);
        return (it with { Deleted = true, Queue = [], Holds = [] }, DeleteEventOutcome.Deleted);
    }

    /// <summary>The event as it is at that moment, with everything due done.</summary>
    public NaiveEvent At(DateTimeOffset now)
    {
        if (Deleted) return this;
        if (Status == EventStatus.Active && now >= Date)
            return this with { Status = EventStatus.Completed, Queue = [], Holds = [] };
        var (queue, holds) = (Queue.RemoveAll(e => e.End <= now), Holds.RemoveAll(h => h.End <= now));
        return (this with { Queue = queue, Holds = holds }).GiveFree(now);
    }

    private NaiveEvent GiveFree(DateTimeOffset now)
    {
        if (Status != EventStatus.Active) return this;
        var it = this;
        var end = now + OfferDuration < Date ? now + OfferDuration : Date;
        for (var i = 0; i < it.Queue.Count; i++)
        {
            var entry = it.Queue[i];
            if (entry.End is null && entry.Quantity <= it.Free)
                it = it with { Queue = it.Queue.SetItem(i, entry with { End = end }) };
        }

        return it;
    }
}
