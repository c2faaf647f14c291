using System.Collections.Immutable;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Seats;
using EventFlux.Grains.Events;
using EventFlux.Grains.Seats;

namespace EventFlux.Tests.Seats;

/// <summary>
/// Knows of each seat whose it is, from the facts alone, and objects to any that gives a seat away that isn't free,
/// splits an offer, or passes over somebody who waited longer and would have been served. Immutable, so that a crash is
/// a step back to an earlier value.
/// </summary>
internal sealed record SeatWitness(SeatPlan Plan)
{
    internal enum Use
    {
        Hold,
        Offer,
        Booking,
        Block,
    }

    public EventStatus Status { get; private init; } = EventStatus.Active;

    public ImmutableDictionary<string, (Guid Owner, Use Use)> Taken { get; private init; } =
        ImmutableDictionary<string, (Guid Owner, Use Use)>.Empty;

    private ImmutableList<WaitlistJoined> Waiting { get; init; } = [];

    /// <summary>In the order of the plan.</summary>
    public IEnumerable<string> SeatIds =>
        from section in Plan.Sections
        from row in section.Rows
        from seat in row.Seats
        select SeatMap.IdOf(section, row, seat);

    /// <summary>Waiting entries whose wish could be fulfilled: there should be none.</summary>
    public IEnumerable<WaitlistJoined> Neglected => Waiting.Where(Fits);

    public SeatState StateOf(string seat) => !Taken.TryGetValue(seat, out var taken) ? SeatState.Available
        : taken.Use switch
        {
            Use.Booking => SeatState.Booked,
            Use.Block => SeatState.Blocked,
            _ => SeatState.Held,
        };

    public SeatWitness See(EventFact fact) => fact switch
    {
        TicketsHeld held => Take(held.Tickets.Seats, held.UserId, Use.Hold),
        HoldEnded ended => Free(ended.UserId, Use.Hold),
        BookingConfirmed booking => See(booking),
        BookingCancelled cancelled => Free(cancelled.UserId, Use.Booking, cancelled.Seats),
        WaitlistJoined joined => See(joined),
        OfferMade offer => See(offer),
        WaitlistEntryEnded { HeldOffer: true } ended => Free(ended.UserId, Use.Offer),
        WaitlistEntryEnded ended => this with
        {
            Waiting = Waiting.RemoveAll(entry => entry.EntryId == ended.EntryId),
        },
        WaitlistClosed => Without(Use.Offer) with { Waiting = [] },
        SeatPlanSet set => See(set),
        SeatsBlocked { Reason: null } blocked => this with { Taken = Taken.RemoveRange(blocked.Seats) },
        SeatsBlocked blocked => See(blocked),
        EventCancelled => Without(Use.Booking) with { Status = EventStatus.Cancelled },
        EventCompleted => this with { Status = EventStatus.Completed },
        _ => this,
    };

    /// <summary>As many free standard seats side by side in a section that will do, looked for everywhere.</summary>
    public bool Fits(int quantity, ImmutableArray<string> sections)
    {
        foreach (var section in Plan.Sections.Where(one => sections.IsDefault || sections.Contains(one.Code)))
        {
            foreach (var row in section.Rows)
            {
                var run = 0;
                foreach (var seat in row.Seats)
                {
                    var id = SeatMap.IdOf(section, row, seat);
                    var isFree = seat.Kind == SeatKind.Standard && !Taken.ContainsKey(id);
                    run = isFree ? run + 1 : 0;
                    if (run == quantity) return true;
                }
            }
        }

        return false;
    }

    private bool Fits(WaitlistJoined entry) => Fits(entry.Quantity, entry.Sections);

    private SeatWitness See(BookingConfirmed booking)
    {
        Assert.Equal(booking.Tickets.Seats.Sum(seat => seat.Price), booking.Tickets.Amount);
        Assert.Equal(booking.Quantity, booking.Tickets.Seats.Length);
        return Take(booking.Tickets.Seats, booking.UserId, Use.Booking);
    }

    private SeatWitness See(WaitlistJoined joined)
    {
        Assert.False(Fits(joined), "waits for what is free");
        return this with { Waiting = Waiting.Add(joined) };
    }

    private SeatWitness See(OfferMade offer)
    {
        var place = Waiting.FindIndex(entry => entry.EntryId == offer.EntryId);
        Assert.True(place >= 0, "an offer to somebody who doesn't wait");
        Assert.DoesNotContain(Waiting.Take(place), Fits);
        Assert.Equal(Waiting[place].Quantity, offer.Seats.Length);
        AssertSideBySide([.. offer.Seats.Select(seat => seat.Id)], Waiting[place].Sections);
        return (this with { Waiting = Waiting.RemoveAt(place) }).Take(offer.Seats, offer.UserId, Use.Offer);
    }

    private SeatWitness See(SeatPlanSet set)
    {
        var after = this with { Plan = set.Plan, Taken = Taken.RemoveRange(set.Unblocked) };
        Assert.Subset(after.SeatIds.ToHashSet(), after.Taken.Keys.ToHashSet());
        Assert.All(set.Unblocked, seat => Assert.Equal(Use.Block, Taken[seat].Use));
        return after;
    }

    private SeatWitness See(SeatsBlocked blocked)
    {
        Assert.All(blocked.Seats, seat => Assert.True(
            !Taken.TryGetValue(seat, out var taken) || taken.Use == Use.Block, "blocks what is somebody's"));
        return this with
        {
            Taken = Taken.SetItems(blocked.Seats.Select(seat => KeyValuePair.Create(seat, (Guid.Empty, Use.Block)))),
        };
    }

    private SeatWitness Take(ImmutableArray<SeatTicket> seats, Guid owner, Use use)
    {
        Assert.All(seats, seat => Assert.Contains(seat.Id, SeatIds));
        Assert.All(seats, seat => Assert.False(Taken.ContainsKey(seat.Id), $"{seat.Id} is somebody's"));
        return this with { Taken = Taken.AddRange(seats.Select(seat => KeyValuePair.Create(seat.Id, (owner, use)))) };
    }

    private SeatWitness Free(Guid owner, Use use, ImmutableArray<string> exactly = default)
    {
        string[] seats = [.. Taken.Where(seat => seat.Value == (owner, use)).Select(seat => seat.Key)];
        Assert.NotEmpty(seats);
        if (!exactly.IsDefault) Assert.Equal(seats.Order(), exactly.Order());
        return this with { Taken = Taken.RemoveRange(seats) };
    }

    private SeatWitness Without(Use use) => this with
    {
        Taken = Taken.RemoveRange(Taken.Where(seat => seat.Value.Use == use).Select(seat => seat.Key)),
    };

    private void AssertSideBySide(string[] seats, ImmutableArray<string> sections)
    {
        var row = Plan.Sections.SelectMany(section => section.Rows, (section, one) => (section, one))
            .Single(place => place.one.Seats.Any(seat => SeatMap.IdOf(place.section, place.one, seat) == seats[0]));
        Assert.True(sections.IsDefault || sections.Contains(row.section.Code), "an offer in another section");
        string[] all = [.. row.one.Seats.Select(seat => SeatMap.IdOf(row.section, row.one, seat))];
        var first = Array.IndexOf(all, seats[0]);
        Assert.Equal(seats, all[first..(first + seats.Length)]);
    }
}
