using System.Diagnostics;
using EventFlux.Contracts.Events;

namespace EventFlux.Grains.Events;

/// <content>The other half of the state machine: what a fact changes, and how the state comes back from the
/// rows.</content>
internal sealed partial class EventInventory
{
    /// <summary>Builds the state from what the database holds.</summary>
    /// <exception cref="InvalidDataException">The rows contradict the counters. Nothing may be sold on such a
    /// state.</exception>
    public static EventInventory Restore(StoredEvent stored, TimeSpan offerDuration)
    {
        var inventory = new EventInventory(offerDuration)
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
            inventory._waitlist.Add(new(row.Id, row.UserId, row.Quantity, row.Sequence) { ExpiresAt = row.ExpiresAt });
            if (row.ExpiresAt is not null) inventory.Held += row.Quantity;
        }

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
                break;
            case EventCancelled:
                EndAs(EventStatus.Cancelled);
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
                break;
            case BookingCancelled booking:
                _bookings.Remove(booking.UserId);
                Booked -= booking.Quantity;
                break;
            case WaitlistJoined joined:
                _waitlist.Add(new(joined.EntryId, joined.UserId, joined.Quantity, joined.Sequence));
                _lastSequence = joined.Sequence;
                break;
            case OfferMade offer:
                _waitlist.Offer(_waitlist.Find(offer.UserId)!, offer.ExpiresAt);
                Held += offer.Quantity;
                break;
            case WaitlistEntryEnded ended:
                var entry = _waitlist.Find(ended.UserId)!;
                _waitlist.Remove(entry);
                if (entry.HoldsOffer) Held -= entry.Quantity;
                break;
            case WaitlistClosed:
                _waitlist.Clear();
                Held = 0;
                break;
            case ActionNoted:
                break;
            default:
                throw new UnreachableException(fact.GetType().Name);
        }
    }

    private void EndAs(EventStatus status)
    {
        Status = status;
        DetailsVersion++;
    }
}
