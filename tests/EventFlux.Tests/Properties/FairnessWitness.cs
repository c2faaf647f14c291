using System.Collections.Immutable;
using EventFlux.Grains.Events;

namespace EventFlux.Tests.Properties;

/// <summary>
/// Reads the facts alone, as an outsider would, and objects to any that breaks the guarantees: nobody is offered
/// tickets while an earlier entry of the same or a smaller quantity waits; tickets that an offer holds go to nobody
/// else.
/// </summary>
internal sealed record FairnessWitness
{
    private ImmutableList<WaitlistJoined> Waiting { get; init; } = [];

    private ImmutableDictionary<Guid, OfferMade> Offers { get; init; } = ImmutableDictionary<Guid, OfferMade>.Empty;

    private ImmutableDictionary<Guid, TicketsHeld> Holds { get; init; } = ImmutableDictionary<Guid, TicketsHeld>.Empty;

    private int Capacity { get; init; }

    private int Booked { get; init; }

    public FairnessWitness See(EventFact fact) => fact switch
    {
        EventCreated created => this with { Capacity = created.Capacity },
        EventChanged changed => (this with { Capacity = changed.Capacity }).Checked(),
        EventCancelled => this with { Booked = 0 },
        WaitlistJoined joined => this with { Waiting = Waiting.Add(joined) },
        OfferMade offer => See(offer),
        WaitlistEntryEnded ended => this with
        {
            Waiting = Waiting.RemoveAll(entry => entry.EntryId == ended.EntryId),
            Offers = Offers.Remove(ended.EntryId),
        },
        TicketsHeld held => See(held),
        HoldEnded ended => this with { Holds = Holds.Remove(ended.HoldId) },
        WaitlistClosed => this with { Waiting = [], Offers = Offers.Clear() },
        BookingConfirmed booking => See(booking),
        BookingCancelled booking => this with { Booked = Booked - booking.Quantity },
        _ => this,
    };

    private FairnessWitness See(OfferMade offer)
    {
        var place = Waiting.FindIndex(entry => entry.EntryId == offer.EntryId);
        Assert.True(place >= 0, "an offer to somebody who doesn't wait");
        Assert.DoesNotContain(Waiting.Take(place), earlier => earlier.Quantity <= offer.Quantity);
        return (this with { Waiting = Waiting.RemoveAt(place), Offers = Offers.Add(offer.EntryId, offer) }).Checked();
    }

    private FairnessWitness See(TicketsHeld held)
    {
        Assert.DoesNotContain(Offers.Values, offer => offer.UserId == held.UserId);
        Assert.DoesNotContain(Waiting, entry => entry.UserId == held.UserId);
        Assert.DoesNotContain(Holds.Values, hold => hold.UserId == held.UserId);
        return (this with { Holds = Holds.Add(held.HoldId, held) }).Checked();
    }

    private FairnessWitness See(BookingConfirmed booking)
    {
        Assert.DoesNotContain(Holds.Values, hold => hold.UserId == booking.UserId);
        Assert.DoesNotContain(Offers.Values, offer => offer.UserId == booking.UserId);
        Assert.DoesNotContain(Waiting, entry => entry.UserId == booking.UserId);
        return (this with { Booked = Booked + booking.Quantity }).Checked();
    }

    /// <summary>What is booked and what is held are never more than there is: a held ticket is nobody else's.</summary>
    private FairnessWitness Checked()
    {
        var held = Offers.Values.Sum(offer => offer.Quantity) + Holds.Values.Sum(hold => hold.Tickets.Quantity);
        Assert.InRange(Booked + held, 0, Capacity);
        return this;
    }
}
