using System.Collections.Immutable;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Seats;
using EventFlux.Grains.Audit;
using EventFlux.Grains.Seats;

namespace EventFlux.Grains.Events;

/// <content>Seats, where the event has any: the plan, what is blocked, and who has taken which.</content>
internal sealed partial class EventInventory
{
    private readonly Dictionary<string, string> _blocked = new(StringComparer.Ordinal);

    /// <summary>By user, the seats of the booking; empty for general admission.</summary>
    private readonly Dictionary<Guid, int[]> _bookedSeats = [];

    /// <summary>Seats whose state was set since <see cref="TakeSeatChanges"/> was last asked.</summary>
    private readonly HashSet<int> _touched = [];

    private SeatMap? _map;

    /// <summary>Whether the event has a seat plan; general admission otherwise.</summary>
    public bool IsSeated => _map is not null;

    /// <summary>The details' version that the plan came with; 0 without one.</summary>
    public long PlanVersion { get; private set; }

    /// <summary>The seats' states in the order of the plan; default without one.</summary>
    public ImmutableArray<byte> SeatStates => _map is null
        ? default
        : [.. Enumerable.Range(0, _map.Count).Select(seat => (byte)_map.StateOf(seat))];

    /// <summary>Gives the event a plan, or another one. Price and capacity follow from it.</summary>
    public SeatPlanResult SetSeatPlan(SetSeatPlan command, DateTimeOffset now, List<EventFact> facts)
    {
        AdvanceTo(now, facts);
        if (CheckChange() is { } refusal) return new(refusal);
        if (command.ExpectedDetailsVersion is { } expected && expected != DetailsVersion)
            return new(SeatPlanOutcome.VersionMismatch);
        if (!IsSeated && Booked + Held > 0) return new(SeatPlanOutcome.TicketsInUse);

        var map = new SeatMap(command.Plan);
        if (_map is { } old)
        {
            ImmutableArray<string> missing =
            [
                .. Enumerable.Range(0, old.Count)
                    .Where(seat => old.StateOf(seat) is SeatState.Held or SeatState.Booked)
                    .Select(seat => old[seat].Id).Where(id => map.Find(id) < 0),
            ];
            if (missing.Length > 0) return new(SeatPlanOutcome.SeatsInUse, missing);
        }

        ImmutableArray<string> unblocked = [.. _blocked.Keys.Where(id => map.Find(id) < 0)];
        var capacity = map.Count - (_blocked.Count - unblocked.Length);
        if (capacity <= 0) return new(SeatPlanOutcome.NothingLeft);

        var before = Terms;
        var details = Details with { Price = command.Plan.Sections.Min(section => section.Price) };
        Emit(new SeatPlanSet(command.Plan, details, capacity, unblocked, now), facts);
        Note(AuditAction.EventUpdate, command.By, before, Terms, now, facts);
        OfferFreeTickets(now, facts);
        return new(SeatPlanOutcome.Changed);
    }

    /// <summary>Takes free seats out of the sale, or puts blocked ones back.</summary>
    public SeatPlanResult BlockSeats(BlockSeats command, DateTimeOffset now, List<EventFact> facts)
    {
        AdvanceTo(now, facts);
        if (CheckChange() is { } refusal) return new(refusal);
        if (_map is not { } map) return new(SeatPlanOutcome.NoPlan);
        if (UnknownSeats(command.SeatIds) is { Length: > 0 } unknown)
            return new(SeatPlanOutcome.UnknownSeats, unknown);

        ImmutableArray<string> changed =
        [
            .. command.SeatIds.Distinct(StringComparer.Ordinal)
                .Where(id => _blocked.GetValueOrDefault(id) != command.Reason),
        ];
        ImmutableArray<string> inUse =
            [.. changed.Where(id => map.StateOf(map.Find(id)) is SeatState.Held or SeatState.Booked)];
        if (inUse.Length > 0) return new(SeatPlanOutcome.SeatsInUse, inUse);
        if (changed.Length == 0) return new(SeatPlanOutcome.Changed);

        var newly = command.Reason is null ? -changed.Length : changed.Count(id => !_blocked.ContainsKey(id));
        if (Capacity - newly <= 0) return new(SeatPlanOutcome.NothingLeft);

        var before = Terms;
        Emit(new SeatsBlocked(changed, command.Reason, Capacity - newly, now), facts);
        Note(AuditAction.EventUpdate, command.By, before, Terms, now, facts);
        OfferFreeTickets(now, facts);
        return new(SeatPlanOutcome.Changed);
    }

    /// <summary>What would be chosen for somebody who leaves the choice to the event; empty where none fit.</summary>
    public ImmutableArray<string> Choose(int quantity, SeatChoice choice) =>
        _map is { } map && Status == EventStatus.Active
        && BestAvailable.Choose(map, WishOf(quantity, choice)) is { } seats
            ? [.. seats.Select(seat => map[seat].Id)]
            : [];

    /// <summary>The seats whose state has changed since this was last asked, with their states.</summary>
    public ImmutableArray<SeatChange> TakeSeatChanges()
    {
        if (_touched.Count == 0) return [];
        ImmutableArray<SeatChange> changes = [.. _touched.Select(seat => new SeatChange(seat, _map!.StateOf(seat)))];
        _touched.Clear();
        return changes;
    }

    private SeatPlanOutcome? CheckChange() =>
        !Exists ? SeatPlanOutcome.EventNotFound
        : Status is EventStatus.Cancelled or EventStatus.Completed ? SeatPlanOutcome.EventIsFinal
        : null;

    private Taking TakeSeats(WaitlistEntry? offer, int quantity, SeatChoice choice)
    {
        if (!choice.SeatIds.IsDefault) return TakeNamed(offer, choice.SeatIds);
        if (UnknownSections(choice.Sections) is { Length: > 0 } unknown)
            return new(TakeRefusal.UnknownSeats, InTheWay: unknown);
        if (offer is not null)
        {
            return quantity > offer.Quantity || !Suits(offer.Seats, choice)
                ? new(TakeRefusal.Insufficient, Available: offer.Quantity)
                : new(Tickets.Of(offer.Seats[..quantity]));
        }

        return BestAvailable.Choose(_map!, WishOf(quantity, choice)) is { } seats
            ? new(Tickets.Of(TicketsOf(seats)))
            : new(TakeRefusal.Insufficient, Available: Available);
    }

    /// <summary>Whether offered seats, which are side by side and none for wheelchairs, are as wished.</summary>
    private bool Suits(ImmutableArray<SeatTicket> seats, SeatChoice choice) =>
        choice.Wheelchairs == 0
        && seats.All(seat => !(seat.Price > choice.MaxPrice)
            && (choice.Sections.IsDefault
                || choice.Sections.Contains(_map!.Plan.Sections[_map[_map.Find(seat.Id)].Section].Code)));

    private Taking TakeNamed(WaitlistEntry? offer, ImmutableArray<string> ids)
    {
        if (UnknownSeats(ids) is { Length: > 0 } unknown) return new(TakeRefusal.UnknownSeats, InTheWay: unknown);
        if (offer is not null)
        {
            ImmutableArray<SeatTicket> offered = [.. offer.Seats.Where(seat => ids.Contains(seat.Id))];
            return offered.Length == ids.Length
                ? new(Tickets.Of(offered))
                : new(TakeRefusal.SeatsUnavailable, InTheWay: ids.RemoveRange(offered.Select(seat => seat.Id)));
        }

        int[] seats = [.. ids.Select(_map!.Find)];
        ImmutableArray<string> taken = [.. ids.Where((_, place) => !_map.IsFree(seats[place]))];
        return taken.Length == 0
            ? new(Tickets.Of(TicketsOf(seats)))
            : new(TakeRefusal.SeatsUnavailable, InTheWay: taken);
    }

    /// <summary>Whether the wish of somebody who waits could be fulfilled now: side by side, where there are
    /// seats.</summary>
    private bool Fits(int quantity, ImmutableArray<string> sections, out int[]? seats)
    {
        seats = null;
        if (quantity > Available) return false;
        if (_map is null) return true;
        var wish = WishOf(quantity, new(Sections: sections, Together: true));
        // Another plan may have taken the sections away.
        seats = wish.Sections is { IsDefault: false, Length: 0 } ? null : BestAvailable.Choose(_map, wish);
        return seats is not null;
    }

    private SeatWish WishOf(int quantity, SeatChoice choice) => new(
        quantity, IndicesOf(choice.Sections), choice.MaxPrice, choice.Wheelchairs, choice.Together);

    private ImmutableArray<int> IndicesOf(ImmutableArray<string> codes)
    {
        if (codes.IsDefault) return default;
        var sections = _map!.Plan.Sections;
        return [.. Enumerable.Range(0, sections.Length).Where(section => codes.Contains(sections[section].Code))];
    }

    private ImmutableArray<string> UnknownSeats(ImmutableArray<string> ids) =>
        [.. ids.Where(id => _map!.Find(id) < 0)];

    private ImmutableArray<string> UnknownSections(ImmutableArray<string> codes) => codes.IsDefault
        ? []
        : [.. codes.Where(code => _map is null || !_map.Plan.Sections.Any(section => section.Code == code))];

    private ImmutableArray<SeatTicket> TicketsOf(int[]? seats)
    {
        if (seats is null) return default;
        var tickets = ImmutableArray.CreateBuilder<SeatTicket>(seats.Length);
        foreach (var seat in seats)
        {
            ref readonly var place = ref _map![seat];
            var section = _map.Plan.Sections[place.Section];
            tickets.Add(new(place.Id, section.Name, place.RowLabel, place.Planned.Number, section.Price));
        }

        return tickets.MoveToImmutable();
    }

    private ImmutableArray<string> SeatIdsOf(Guid userId) =>
        _bookedSeats.TryGetValue(userId, out var seats) ? [.. seats.Select(seat => _map![seat].Id)] : default;

    private void BookSeats(BookingConfirmed booking)
    {
        if (booking.Tickets.Seats.IsDefault) return;
        _bookedSeats.Add(booking.UserId, [.. booking.Tickets.Seats.Select(seat => _map!.Find(seat.Id))]);
        Mark(booking.Tickets.Seats, SeatState.Booked);
    }

    private void FreeSeatsOf(Guid userId)
    {
        if (!_bookedSeats.Remove(userId, out var seats)) return;
        foreach (var seat in seats) Mark(seat, SeatState.Available);
    }

    private void Apply(SeatPlanSet fact)
    {
        var map = new SeatMap(fact.Plan);
        foreach (var id in fact.Unblocked) _blocked.Remove(id);
        if (_map is { } old)
        {
            foreach (var user in _bookedSeats.Keys.ToArray())
                _bookedSeats[user] = [.. _bookedSeats[user].Select(seat => map.Find(old[seat].Id))];
        }

        (Details, Capacity, PlanVersion) = (fact.Details, fact.Capacity, ++DetailsVersion);
        _hasFreed = true;
        Occupy(map);
    }

    private void Restore(StoredSeats stored, IReadOnlyList<StoredBooking> bookings)
    {
        var map = new SeatMap(stored.Plan);
        PlanVersion = stored.PlanVersion;
        foreach (var (id, reason) in stored.Blocked) _blocked.Add(id, reason);
        var users = bookings.ToDictionary(booking => booking.BookingId, booking => booking.UserId);
        foreach (var group in stored.Booked.GroupBy(seat => users[seat.BookingId], seat => map.Find(seat.SeatId)))
            _bookedSeats.Add(group.Key, [.. group]);
        Occupy(map);
        if (_bookedSeats.Values.Sum(seats => seats.Length) != Booked || _blocked.Count + Capacity != map.Count)
            throw new InvalidDataException("The seats contradict the bookings, or the plan the capacity.");
    }

    /// <summary>Takes a map over and sets on it what is taken.</summary>
    private void Occupy(SeatMap map)
    {
        _map = map;
        _touched.Clear();
        foreach (var id in _blocked.Keys) map.Set(map.Find(id), SeatState.Blocked);
        foreach (var seat in _bookedSeats.Values.SelectMany(seats => seats)) map.Set(seat, SeatState.Booked);
        foreach (var seat in SetAside) map.Set(map.Find(seat.Id), SeatState.Held);
    }

    private void Apply(SeatsBlocked fact)
    {
        Capacity = fact.Capacity;
        DetailsVersion++;
        _hasFreed |= fact.Reason is null;
        foreach (var id in fact.Seats)
        {
            if (fact.Reason is null) _blocked.Remove(id);
            else _blocked[id] = fact.Reason;
            Mark(_map!.Find(id), fact.Reason is null ? SeatState.Available : SeatState.Blocked);
        }
    }

    /// <summary>What offers and holds have taken.</summary>
    private IEnumerable<SeatTicket> SetAside =>
        _waitlist.Offers.Select(entry => entry.Seats).Concat(_holds.All.Select(hold => hold.Tickets.Seats))
            .Where(seats => !seats.IsDefault).SelectMany(seats => seats);

    private void Mark(ImmutableArray<SeatTicket> seats, SeatState state)
    {
        if (seats.IsDefault) return;
        foreach (var seat in seats) Mark(_map!.Find(seat.Id), state);
    }

    private void Mark(int seat, SeatState state)
    {
        _map!.Set(seat, state);
        _touched.Add(seat);
    }
}
