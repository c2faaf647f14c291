using System.Diagnostics;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Events;

/// <content>The other half of the state machine: what a fact changes, and how the state comes back from the
/// rows.</content>
internal sealed partial class EventInventory
{
    /// <summary>Builds the state from what the database holds.</summary>
    /// <exception cref="InvalidDataException">The rows contradict the counters. Nothing may be sold on such a
    /// state.</exception>
    public static EventInventory Restore(
        StoredEvent stored, TimeSpan offerDuration, TimeSpan holdDuration = default)
    {
        var inventory = new EventInventory(offerDuration, holdDuration)
        {
            Exists = !stored.IsDeleted,
            IsDeleted = stored.IsDeleted,
            Details = stored.Details,
            Status = stored.Status,
            DetailsVersion = stored.DetailsVersion,
            Capacity = stored.Capacity,
            WasBooked = stored.WasBooked || stored.Bookings.Count > 0,
            _lastSequence = stored.LastSequence,
        };
        inventory._bookings.EnsureCapacity(stored.Bookings.Count);
        foreach (var (userId, bookingId, quantity) in stored.Bookings)
        {
            inventory._bookings.Add(userId, new(bookingId, quantity));
            inventory.Booked += quantity;
        }

        foreach (var row in stored.Waitlist)
        {
            inventory._waitlist.Add(new(row.Id, row.UserId, row.Quantity, row.Sequence, row.Sections)
            {
                ExpiresAt = row.ExpiresAt, Seats = row.Seats,
            });
            if (row.ExpiresAt is not null) inventory.Held += row.Quantity;
        }

        foreach (var hold in stored.Holds)
        {
            inventory._holds.Add(hold);
            inventory.Held += hold.Tickets.Quantity;
        }

        if (stored.Seats is { } seats) inventory.Restore(seats, stored.Bookings);

        if (inventory.Counts != stored.Counts)
            throw new InvalidDataException($"Rows say {inventory.Counts}, counters say {stored.Counts}.");
        return inventory;
    }

    private void Apply(EventFact fact)
    {
        switch (fact)
        {
            case EventCreated created:
                Exists = true;
                (Details, Capacity, Status) = (created.Details, created.Capacity, created.Status);
                DetailsVersion = 1;
                break;
            case EventChanged changed:
                (Details, Capacity, Status) = (changed.Details, changed.Capacity, changed.Status);
                DetailsVersion++;
                _hasFreed = true;
                break;
            case EventCancelled:
                EndAs(EventStatus.Cancelled);
                foreach (var user in _bookings.Keys) FreeSeatsOf(user);
                _bookings.Clear();
                Booked = 0;
                break;
            case EventCompleted:
                EndAs(EventStatus.Completed);
                break;
            case EventDeleted:
                (Exists, IsDeleted) = (false, true);
                DetailsVersion++;
                break;
            case BookingConfirmed booking:
                _bookings.Add(booking.UserId, new(booking.BookingId, booking.Quantity));
                Booked += booking.Quantity;
                WasBooked = true;
                BookSeats(booking);
                break;
            case BookingCancelled booking:
                _bookings.Remove(booking.UserId);
                FreeSeatsOf(booking.UserId);
                Booked -= booking.Quantity;
                _hasFreed = true;
                break;
            case WaitlistJoined joined:
                _waitlist.Add(new(
                    joined.EntryId, joined.UserId, joined.Quantity, joined.Sequence, joined.Sections));
                _lastSequence = joined.Sequence;
                break;
            case OfferMade or WaitlistEntryEnded or WaitlistClosed:
                ApplyToQueue(fact);
                break;
            case TicketsHeld or HoldExtended or HoldEnded:
                ApplyToHolds(fact);
                break;
            case SeatPlanSet set:
                Apply(set);
                break;
            case SeatsBlocked blocked:
                Apply(blocked);
                break;
            case ActionNoted:
                break;
            default:
                throw new UnreachableException(fact.GetType().Name);
        }
    }

    private void ApplyToQueue(EventFact fact)
    {
        switch (fact)
        {
            case OfferMade offer:
                _waitlist.Offer(_waitlist.Find(offer.UserId)!, offer.ExpiresAt, offer.Seats);
                Mark(offer.Seats, SeatState.Held);
                Held += offer.Quantity;
                break;
            case WaitlistEntryEnded ended:
                var entry = _waitlist.Find(ended.UserId)!;
                _waitlist.Remove(entry);
                Release(entry);
                break;
            case WaitlistClosed:
                foreach (var offered in _waitlist.Offers) Release(offered);
                _waitlist.Clear();
                break;
        }
    }

    /// <summary>Gives back what an entry's offer held, if it held any.</summary>
    private void Release(WaitlistEntry entry)
    {
        if (!entry.HoldsOffer) return;
        Held -= entry.Quantity;
        Mark(entry.Seats, SeatState.Available);
        _hasFreed = true;
    }

    private void EndAs(EventStatus status)
    {
        Status = status;
        DetailsVersion++;
    }
}
