using System.Collections.Immutable;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Holds;
using EventFlux.Contracts.Seats;
using EventFlux.Grains.Events;
using EventFlux.Tests.Properties;

namespace EventFlux.Tests.Seats;

/// <summary>
/// One history of an event with seats, drawn from a seed: commands go to the inventory, a witness judges its facts and
/// its refusals, facts become rows at commits, and at crashes the inventory is built anew from the rows.
/// </summary>
internal sealed class SeatedRun
{
    private const int Users = 10;
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random;
    private readonly IRowStore _rows;
    private readonly short _number;
    private readonly Guid _eventId;
    private readonly List<EventFact> _pending = [];
    private readonly Dictionary<Guid, decimal> _amounts = [];
    private readonly Dictionary<Guid, Guid> _bookings = [];
    private EventInventory _inventory = new(InventoryRun.OfferDuration, InventoryRun.HoldDuration);
    private SeatWitness _witness;
    private SeatWitness _committed;
    private int _seen;
    private long _version;
    private DateTimeOffset _now = Start;
    private uint _ids;

    /// <param name="number">Tells this run's ids from another's in the same tables.</param>
    public SeatedRun(int seed, IRowStore rows, short number = 0)
    {
        (_random, _rows, _number) = (new(seed), rows, number);
        _eventId = NextId();
        var details = new EventDetails("Name", null, "Venue", null, Start.AddDays(3), 10m, "USD", null, null);
        _inventory.Create(
            new CreateEvent(details, 5, EventStatus.Active, NextId(), "Creator"), _now, _pending);
        var plan = SmallPlans.Small(_random.Next(3));
        _witness = _committed = new(plan);
        Assert.Equal(
            SeatPlanOutcome.Changed, _inventory.SetSeatPlan(new(plan), _now, _pending).Outcome);
        Commit();
    }

    public int Commands { get; private set; }

    public void Do(int commands)
    {
        for (; commands > 0; commands--)
        {
            Commands++;
            Step();
            Witness();
            Check();
        }

        Commit();
    }

    private void Step()
    {
        var user = UserId(_random.Next(Users));
        switch (_random.Next(100))
        {
            case < 14: HoldNamed(user); break;
            case < 30: HoldBest(user); break;
            case < 38: BookNamed(user); break;
            case < 45: _ = Book(user, new(user, _random.Next(1, 5))); break;
            case < 55: BookHeld(user); break;
            case < 58: _inventory.ExtendHold(user, HoldOf(user), _now, _pending); break;
            case < 61: _inventory.ReleaseHold(user, HoldOf(user), _now, _pending); break;
            case < 69: Return(user); break;
            case < 80: Join(user); break;
            case < 82: _inventory.Leave(user, _now, _pending); break;
            case < 85: _inventory.BlockSeats(new([.. AnySeats()], "camera"), _now, _pending); break;
            case < 87: _inventory.BlockSeats(new([.. AnySeats()], null), _now, _pending); break;
            case < 89: SetPlan(); break;
            case < 94: Wait(); break;
            case < 97: Commit(); break;
            case < 99: Crash(); break;
            default: CallOffSometimes(); break;
        }
    }

    private void Join(Guid user) => _inventory.Join(
        new(user, _random.Next(1, 5), Sections: AnySections()), NextId(), _now, _pending);

    private void HoldNamed(Guid user)
    {
        string[] seats = AnySeats();
        var result = _inventory.Hold(new(user, seats.Length, new([.. seats])), NextId(), _now, _pending);
        if (result.Outcome == HoldOutcome.Held)
            Assert.Equal(seats.Order(), _inventory.FindHold(user)!.Tickets.Seats.Select(seat => seat.Id).Order());
        JudgeNamed(result.Outcome == HoldOutcome.SeatsUnavailable, user, seats, result.Seats);
    }

    private void HoldBest(Guid user)
    {
        var (quantity, sections, together) = (_random.Next(1, 5), AnySections(), _random.Next(3) == 0);
        var choice = new SeatChoice(Sections: sections, Together: together);
        var result = _inventory.Hold(new(user, quantity, choice), NextId(), _now, _pending);
        Witness();
        if (result.Outcome == HoldOutcome.InsufficientAvailability && !HoldsOffer(user))
            Assert.False(_witness.Fits(quantity, sections), "refused what is free");
    }

    private void BookNamed(Guid user)
    {
        string[] seats = AnySeats();
        var result = Book(user, new(user, seats.Length, SeatIds: [.. seats]));
        JudgeNamed(result.Outcome == BookOutcome.SeatsUnavailable, user, seats, result.Seats);
    }

    private void BookHeld(Guid user)
    {
        var held = _inventory.FindHold(user)?.Tickets;
        var result = Book(user, new(user, 1, HoldId: HoldOf(user)));
        if (result.Outcome == BookOutcome.Confirmed) Assert.Equal(held!.Value.Amount, _amounts[_bookings[user]]);
    }

    private BookResult Book(Guid user, BookTickets command)
    {
        var id = NextId();
        var result = _inventory.Book(command, id, $"EVT-{id}", _now, _pending, out var booked);
        if (result.Outcome == BookOutcome.Confirmed) (_bookings[user], _amounts[id]) = (id, booked.Amount);
        return result;
    }

    /// <summary>Just the seats that are somebody's stand in the way, unless the user has an offer of others.</summary>
    private void JudgeNamed(bool isRefused, Guid user, string[] seats, ImmutableArray<string> inTheWay)
    {
        if (!isRefused) return;
        Witness();
        if (HoldsOffer(user)) return;
        Assert.Equal(seats.Where(_witness.Taken.ContainsKey).Order(), inTheWay.Order());
    }

    private void Return(Guid user)
    {
        if (!_bookings.Remove(user, out var booking)) return;
        _inventory.ReturnTickets(new(booking, user, _amounts[booking], AsAdmin: true), _now, _pending);
    }

    private void SetPlan()
    {
        var plan = SmallPlans.Small(_random.Next(3), price: _random.Next(1, 50));
        var result = _inventory.SetSeatPlan(new(plan), _now, _pending);
        Witness();
        if (result.Outcome != SeatPlanOutcome.SeatsInUse) return;
        var kept = new SeatWitness(plan).SeatIds.ToHashSet();
        var stuck = _witness.Taken.Where(seat => seat.Value.Use != SeatWitness.Use.Block && !kept.Contains(seat.Key));
        Assert.Equal(stuck.Select(seat => seat.Key).Order(), result.Seats.Order());
    }

    private void Wait()
    {
        int[] minutes = [0, 1, 9, 10, 11, 15, 16, 60];
        _now += TimeSpan.FromMinutes(minutes[_random.Next(minutes.Length)]);
        _inventory.AdvanceTo(_now, _pending);
    }

    private void CallOffSometimes()
    {
        if (_random.Next(4) > 0) return;
        _inventory.Update(
            new(new EventPatch { Status = EventStatus.Cancelled }), _now, _pending);
        _bookings.Clear();
    }

    private void Commit()
    {
        Witness();
        (_committed, _seen) = (_witness, 0);
        if (_pending.Count == 0) return;
        var state = new EventState(
            _inventory.Details, _inventory.Status, _inventory.Capacity, _inventory.DetailsVersion, _inventory.Counts,
            _inventory.PlanVersion);
        _rows.Commit(new(_eventId, _version++, state, [.. _pending]));
        _pending.Clear();
    }

    /// <summary>What was not committed is gone; the rest comes back from the rows.</summary>
    private void Crash()
    {
        _pending.Clear();
        (_witness, _seen) = (_committed, 0);
        var stored = _rows.Load(_eventId);
        _inventory = EventInventory.Restore(stored, InventoryRun.OfferDuration, InventoryRun.HoldDuration);
        _bookings.Clear();
        foreach (var booking in stored.Bookings) _bookings.Add(booking.UserId, booking.BookingId);
    }

    private void Witness()
    {
        for (; _seen < _pending.Count; _seen++) _witness = _witness.See(_pending[_seen]);
    }

    private void Check()
    {
        var states = _inventory.SeatStates;
        Assert.Equal(_witness.SeatIds.Select(id => (byte)_witness.StateOf(id)), states);
        var counts = _inventory.Counts;
        int Count(SeatState state) => states.Count(one => one == (byte)state);
        Assert.Equal(
            (Count(SeatState.Available), Count(SeatState.Held), Count(SeatState.Booked)),
            (counts.Available, counts.Held, counts.Booked));
        Assert.Equal(_inventory.Capacity, states.Length - Count(SeatState.Blocked));
        if (_inventory.Status == EventStatus.Active) Assert.Empty(_witness.Neglected);
    }

    private bool HoldsOffer(Guid user) => _witness.Taken.ContainsValue((user, SeatWitness.Use.Offer));

    private Guid HoldOf(Guid user) => _inventory.FindHold(user)?.Id ?? _eventId;

    private string[] AnySeats()
    {
        string[] all = [.. _witness.SeatIds];
        return [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => all[_random.Next(all.Length)]).Distinct()];
    }

    private ImmutableArray<string> AnySections() => _random.Next(3) switch
    {
        0 => ["A"],
        1 => ["B", "A"],
        _ => default,
    };

    private static Guid UserId(int user) => new(user + 1, 1, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private Guid NextId() => new(++_ids, (ushort)_number, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
