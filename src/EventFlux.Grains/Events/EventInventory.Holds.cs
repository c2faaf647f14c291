using System.Collections.Immutable;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Holds;
using EventFlux.Contracts.Seats;
using EventFlux.Contracts.Waitlist;

namespace EventFlux.Grains.Events;

/// <content>Holds: tickets set aside for a checkout, until they are booked, released, or their instant comes.</content>
internal sealed partial class EventInventory
{
    /// <summary>Sets tickets aside: free ones, or, when the user holds an offer, the offered ones; what an offer leaves
    /// over goes to the waiting. The user's waitlist entry ends: who has tickets in hand doesn't wait.</summary>
    /// <param name="holdId">The id that the hold is to have.</param>
    public HoldResult Hold(HoldTickets command, Guid holdId, DateTimeOffset now, List<EventFact> facts)
    {
        AdvanceTo(now, facts);
        if (!Exists) return new(HoldOutcome.EventNotFound);
        if (Status != EventStatus.Active) return new(HoldOutcome.EventNotBookable);
        if (_bookings.TryGetValue(command.UserId, out var booking))
            return new(HoldOutcome.DuplicateBooking, ExistingId: booking.BookingId);
        if (_holds.Find(command.UserId) is { } existing)
            return new(HoldOutcome.HoldExists, ExistingId: existing.Id);

        var entry = _waitlist.Find(command.UserId);
        var taking = Take(entry, command.Quantity, command.Choice);
        if (taking.Tickets is not { } tickets)
        {
            return taking.Refusal switch
            {
                TakeRefusal.SeatsUnavailable => new(HoldOutcome.SeatsUnavailable, Seats: taking.InTheWay),
                TakeRefusal.UnknownSeats => new(HoldOutcome.UnknownSeats, Seats: taking.InTheWay),
                _ => new(HoldOutcome.InsufficientAvailability, AvailableTickets: taking.Available),
            };
        }

        if (entry is not null) End(entry, WaitlistStatus.Converted, now, facts);
        var end = EarlierOf((now + holdDuration).ToMicroseconds(), Details.EventDate);
        Emit(new TicketsHeld(holdId, command.UserId, tickets, Details.Currency, end, command.Claim, now), facts);
        OfferFreeTickets(now, facts);
        return new(HoldOutcome.Held);
    }

    /// <summary>Lets the user's hold last once more as long as at first.</summary>
    public HoldResult ExtendHold(Guid userId, Guid holdId, DateTimeOffset now, List<EventFact> facts)
    {
        AdvanceTo(now, facts);
        if (!Exists) return new(HoldOutcome.EventNotFound);
        if (_holds.Find(userId) is not { } hold || hold.Id != holdId) return new(HoldOutcome.HoldNotFound);
        if (hold.IsExtended) return new(HoldOutcome.AlreadyExtended);

        var end = EarlierOf((hold.ExpiresAt + holdDuration).ToMicroseconds(), Details.EventDate);
        Emit(new HoldExtended(holdId, userId, end, now), facts);
        return new(HoldOutcome.Held);
    }

    public ReleaseHoldOutcome ReleaseHold(Guid userId, Guid holdId, DateTimeOffset now, List<EventFact> facts)
    {
        AdvanceTo(now, facts);
        if (!Exists) return ReleaseHoldOutcome.EventNotFound;
        if (_holds.Find(userId) is not { } hold || hold.Id != holdId) return ReleaseHoldOutcome.HoldNotFound;

        End(hold, HoldStatus.Released, now, facts);
        OfferFreeTickets(now, facts);
        return ReleaseHoldOutcome.Released;
    }

    /// <summary>The user's open hold, or null.</summary>
    public TicketHold? FindHold(Guid userId) => _holds.Find(userId);

    /// <summary>What the user would take: named seats, the best, or tickets without seats; the offered ones where there
    /// is an offer.</summary>
    private Taking Take(WaitlistEntry? entry, int quantity, SeatChoice? choice)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quantity, 1);
        var offer = entry is { HoldsOffer: true } ? entry : null;
        if (_map is not null) return TakeSeats(offer, quantity, choice ?? new());

        if (choice is not null && NamedSeats(choice) is { IsDefaultOrEmpty: false } unknown)
            return new(TakeRefusal.UnknownSeats, InTheWay: unknown);
        var bookable = choice?.MaxPrice < Details.Price || choice?.Wheelchairs > 0 ? 0 : offer?.Quantity ?? Available;
        return quantity > bookable
            ? new(TakeRefusal.Insufficient, Available: bookable)
            : new(Tickets.Of(quantity, Details.Price));
    }

    private Taking Take(WaitlistEntry? entry, int quantity, ImmutableArray<string> seatIds) =>
        Take(entry, seatIds.IsDefault ? quantity : seatIds.Length, seatIds.IsDefault ? null : new(seatIds));

    private static ImmutableArray<string> NamedSeats(SeatChoice choice) =>
        choice.SeatIds.IsDefault ? choice.Sections : choice.SeatIds;

    private static BookResult RefusalOf(Taking taking) => taking.Refusal switch
    {
        TakeRefusal.SeatsUnavailable => new(BookOutcome.SeatsUnavailable, Seats: taking.InTheWay),
        TakeRefusal.UnknownSeats => new(BookOutcome.UnknownSeats, Seats: taking.InTheWay),
        _ => new(BookOutcome.InsufficientAvailability, AvailableTickets: taking.Available),
    };

    private void End(TicketHold hold, HoldStatus status, DateTimeOffset now, List<EventFact> facts) =>
        Emit(new HoldEnded(hold.Id, hold.UserId, hold.Tickets.Quantity, status, now), facts);

    private void EndHolds(HoldStatus status, DateTimeOffset now, List<EventFact> facts)
    {
        while (_holds.FirstToExpire is { } hold) End(hold, status, now, facts);
    }

    private void ApplyToHolds(EventFact fact)
    {
        switch (fact)
        {
            case TicketsHeld held:
                _holds.Add(new(
                    held.HoldId, held.UserId, held.Tickets, held.At, held.ExpiresAt));
                Mark(held.Tickets.Seats, SeatState.Held);
                Held += held.Tickets.Quantity;
                break;
            case HoldExtended extended:
                _holds.Extend(_holds.Find(extended.UserId)!, extended.ExpiresAt);
                break;
            case HoldEnded ended:
                var hold = _holds.Find(ended.UserId)!;
                _holds.Remove(hold);
                Mark(hold.Tickets.Seats, SeatState.Available);
                Held -= hold.Tickets.Quantity;
                // Booked, they go from hand to hand.
                _hasFreed |= ended.Status != HoldStatus.Booked;
                break;
        }
    }

    private enum TakeRefusal
    {
        Insufficient,
        SeatsUnavailable,
        UnknownSeats,
    }

    /// <param name="Tickets">Null where they can't be taken.</param>
    /// <param name="Available">How many could be.</param>
    /// <param name="InTheWay">Ids of seats, or codes of sections.</param>
    private readonly record struct Taking(
        Tickets? Tickets, TakeRefusal Refusal, int Available, ImmutableArray<string> InTheWay)
    {
        public Taking(Tickets tickets)
            : this(tickets, default, 0, default)
        {
        }

        public Taking(TakeRefusal refusal, int Available = 0, ImmutableArray<string> InTheWay = default)
            : this(null, refusal, Available, InTheWay)
        {
        }
    }
}
