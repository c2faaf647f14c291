using EventFlux.Contracts.Events;
using EventFlux.Contracts.Waitlist;

namespace EventFlux.Grains.Events;

/// <content>The queue: joining, leaving, and who gets what becomes free.</content>
internal sealed partial class EventInventory
{
    /// <summary>Queues at the end. It needs a wish that can't be fulfilled now, so the new entry can't be served at
    /// once.</summary>
    /// <param name="entryId">The id that the entry is to have.</param>
    public JoinWaitlistResult Join(JoinWaitlist command, Guid entryId, DateTimeOffset now, List<EventFact> facts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(command.Quantity, 1);
        AdvanceTo(now, facts);
        if (!Exists) return new(JoinWaitlistOutcome.EventNotFound);
        if (Status != EventStatus.Active) return new(JoinWaitlistOutcome.EventNotBookable);
        if (_bookings.TryGetValue(command.UserId, out var booking))
            return new(JoinWaitlistOutcome.DuplicateBooking, ExistingBookingId: booking.BookingId);
        if (_holds.Find(command.UserId) is { } hold)
            return new(JoinWaitlistOutcome.HoldExists, ExistingBookingId: hold.Id);
        if (_waitlist.Find(command.UserId) is not null) return new(JoinWaitlistOutcome.AlreadyOnWaitlist);
        if (UnknownSections(command.Sections) is { Length: > 0 } unknown)
            return new(JoinWaitlistOutcome.UnknownSections, Sections: unknown);
        if (Fits(command.Quantity, command.Sections, out _)) return new(JoinWaitlistOutcome.TicketsStillAvailable);

        Emit(
            new WaitlistJoined(
                entryId, command.UserId, command.Quantity, command.Sections, _lastSequence + 1, command.Claim, now),
            facts);
        return new(JoinWaitlistOutcome.Joined);
    }

    public LeaveWaitlistOutcome Leave(Guid userId, DateTimeOffset now, List<EventFact> facts)
    {
        AdvanceTo(now, facts);
        if (!Exists) return LeaveWaitlistOutcome.EventNotFound;
        if (_waitlist.Find(userId) is not { } entry) return LeaveWaitlistOutcome.EntryNotFound;

        End(entry, WaitlistStatus.Left, now, facts);
        OfferFreeTickets(now, facts);
        return LeaveWaitlistOutcome.Left;
    }

    /// <summary>Gives what is free to the waiting in the order of joining: each whose whole quantity fits gets an
    /// offer, one that doesn't fit keeps its place. What fitted nobody fits nobody until more is free.</summary>
    private void OfferFreeTickets(DateTimeOffset now, List<EventFact> facts)
    {
        if (!_hasFreed || Status != EventStatus.Active) return;
        while (Available > 0 && FirstThatFits(out var seats) is { } entry)
        {
            var end = EarlierOf((now + offerDuration).ToMicroseconds(), Details.EventDate);
            Emit(new OfferMade(entry.Id, entry.UserId, entry.Quantity, TicketsOf(seats), end, now), facts);
        }

        _hasFreed = false;
    }

    /// <summary>The first in line whose whole wish can be fulfilled, with its seats where the event has any.</summary>
    private WaitlistEntry? FirstThatFits(out int[]? seats)
    {
        foreach (var head in _waitlist.Heads.OrderBy(head => head.Sequence))
            if (Fits(head.Quantity, head.Sections, out seats)) return head;
        seats = null;
        return null;
    }

    private void End(WaitlistEntry entry, WaitlistStatus status, DateTimeOffset now, List<EventFact> facts) =>
        Emit(new WaitlistEntryEnded(entry.Id, entry.UserId, entry.Quantity, status, entry.HoldsOffer, now), facts);

    private void CloseWaitlist(DateTimeOffset now, List<EventFact> facts)
    {
        if (_waitlist.Open > 0) Emit(new WaitlistClosed(now), facts);
    }
}
