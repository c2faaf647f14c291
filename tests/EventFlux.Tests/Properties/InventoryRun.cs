using EventFlux.Contracts;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Holds;
using EventFlux.Grains.Events;

namespace EventFlux.Tests.Properties;

/// <summary>
/// One history: each command goes to the inventory and to the naive model, which must agree on the answer and on every
/// count; facts become rows at commits, and at restarts and crashes the inventory is built anew from the rows.
/// </summary>
internal sealed class InventoryRun
{
    public static readonly TimeSpan OfferDuration = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan HoldDuration = TimeSpan.FromMinutes(10);
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Actor Admin = new(new Guid("01970000-0000-7000-8000-0000000000ad"));

    private static readonly Guid Nowhere = new("01970000-0000-7000-8000-00000000dead");

    private readonly IRowStore _rows;
    private readonly short _number;
    private readonly Guid _eventId;
    private readonly List<EventFact> _pending = [];
    private EventInventory _inventory = new(OfferDuration, HoldDuration);
    private NaiveEvent _model;
    private NaiveEvent _committedModel;
    private FairnessWitness _witness = new();
    private FairnessWitness _committedWitness = new();
    private int _seen;
    private long _version;
    private DateTimeOffset _now = Start;
    private uint _ids;

    /// <param name="number">Tells this run's ids from another's in the same tables.</param>
    public InventoryRun(int capacity, IRowStore rows, short number = 0)
    {
        (_rows, _number) = (rows, number);
        _eventId = NextId();
        var details = new EventDetails("Name", null, "Venue", null, Start.AddDays(3), 10m, "USD", null, null);
        var create = new CreateEvent(details, capacity, EventStatus.Active, NextId(), "Creator");
        Assert.Equal(CreateEventOutcome.Created, _inventory.Create(create, _now, _pending));
        _model = _committedModel = new(
            OfferDuration, HoldDuration, details.EventDate, capacity, EventStatus.Active);
        Commit();
    }

    public int Commands { get; private set; }

    public void Do(Command command)
    {
        Commands++;
        switch (command)
        {
            case Command.Wait wait:
                _now += wait.Span;
                _inventory.AdvanceTo(_now, _pending);
                _model = _model.At(_now);
                break;
            case Command.Book book:
                Book(UserId(book.User), book.Quantity);
                break;
            case Command.Return cancel:
                Return(UserId(cancel.User), cancel.Admin);
                break;
            case Command.Join join:
                Step(
                    _inventory.Join(new(UserId(join.User), join.Quantity), NextId(), _now, _pending).Outcome,
                    _model.Join(UserId(join.User), join.Quantity, _now));
                break;
            case Command.Leave leave:
                Step(_inventory.Leave(UserId(leave.User), _now, _pending), _model.Leave(UserId(leave.User), _now));
                break;
            case Command.Hold hold:
                Hold(UserId(hold.User), hold.Quantity);
                break;
            case Command.BookHold book:
                BookHold(UserId(book.User));
                break;
            case Command.Extend extend:
                var extended = UserId(extend.User);
                Step(
                    _inventory.ExtendHold(extended, HoldOf(extended), _now, _pending).Outcome,
                    _model.Extend(extended, HoldOf(extended), _now));
                break;
            case Command.Release release:
                var released = UserId(release.User);
                Step(
                    _inventory.ReleaseHold(released, HoldOf(released), _now, _pending),
                    _model.Release(released, HoldOf(released), _now));
                break;
            case Command.Update update:
                Update(update);
                break;
            case Command.Delete:
                Step(_inventory.Delete(Admin, _now, _pending), _model.Delete(_now));
                break;
            case Command.Commit:
                Commit();
                break;
            case Command.Crash:
                Crash();
                return;
        }

        Check();
    }

    private void Book(Guid user, int quantity)
    {
        var id = NextId();
        var result = _inventory.Book(new BookTickets(user, quantity), id, $"EVT-{id}", _now, _pending);
        Step(result.Outcome, _model.Book(user, id, quantity, _now));
        if (result.Outcome == BookOutcome.DuplicateBooking)
            Assert.Equal(_model.Bookings.Single(b => b.User == user).Id, result.ExistingBookingId);
        if (result.Outcome == BookOutcome.InsufficientAvailability)
            Assert.InRange(result.AvailableTickets, 0, quantity - 1);
    }

    private void Hold(Guid user, int quantity)
    {
        var id = NextId();
        var result = _inventory.Hold(new(user, quantity), id, _now, _pending);
        Step(result.Outcome, _model.Hold(user, id, quantity, _now));
        if (result.Outcome == HoldOutcome.HoldExists) Assert.Equal(HoldOf(user), result.ExistingId);
        if (result.Outcome == HoldOutcome.InsufficientAvailability)
            Assert.InRange(result.AvailableTickets, 0, quantity - 1);
    }

    private void BookHold(Guid user)
    {
        var (id, hold) = (NextId(), HoldOf(user));
        var held = _model.Holds.Find(h => h.Id == hold).Quantity;
        var result = _inventory.Book(
            new BookTickets(user, 1, HoldId: hold), id, $"EVT-{id}", _now, _pending, out var booked);
        Step(result.Outcome, _model.BookHold(user, hold, id, _now));
        if (result.Outcome == BookOutcome.Confirmed) Assert.Equal((held, 10m * held), (booked.Quantity, booked.Amount));
    }

    /// <summary>The model's, or one that isn't there.</summary>
    private Guid HoldOf(Guid user) =>
        _model.Holds.Find(h => h.User == user).Id is var id && id != default ? id : Nowhere;

    private void Return(Guid user, bool admin)
    {
        var (_, id, quantity) = _model.Bookings.Find(b => b.User == user);
        var command = new ReturnTickets(id, user, 10m * quantity, admin, admin ? Admin : null);
        Step(_inventory.ReturnTickets(command, _now, _pending), _model.Return(user, id, admin, _now));
    }

    private void Update(Command.Update update)
    {
        var patch = new EventPatch();
        if (update.Capacity is { } capacity) patch = patch with { Capacity = capacity };
        DateTimeOffset? date = update.DateIn is { } span ? _now + span : null;
        if (date is not null) patch = patch with { EventDate = date.Value };
        if (update.Status is { } status) patch = patch with { Status = status };
        if (update.Currency is { } currency) patch = patch with { Currency = currency };
        var result = _inventory.Update(new UpdateEvent(patch, By: Admin), _now, _pending);
        Step(result.Outcome, _model.Update(update.Capacity, date, update.Status, update.Currency, _now));
    }

    private void Step<TOutcome>(TOutcome actual, (NaiveEvent After, TOutcome Outcome) expected)
    {
        Assert.Equal(expected.Outcome, actual);
        _model = expected.After;
    }

    private void Commit()
    {
        Witness();
        (_committedModel, _committedWitness, _seen) = (_model, _witness, 0);
        if (_pending.Count == 0) return;
        var state = new EventState(
            _inventory.Details, _inventory.Status, _inventory.Capacity, _inventory.DetailsVersion, _inventory.Counts);
        _rows.Commit(new(_eventId, _version++, state, [.. _pending]));
        _pending.Clear();
    }

    /// <summary>What was not committed is gone; the rest comes back from the rows.</summary>
    private void Crash()
    {
        _pending.Clear();
        (_model, _witness, _seen) = (_committedModel, _committedWitness, 0);
        var stored = _rows.Load(_eventId);
        Assert.Equal(_version, stored.Version);
        _inventory = EventInventory.Restore(stored, OfferDuration, HoldDuration);
        CheckCounts();
    }

    private void Witness()
    {
        for (; _seen < _pending.Count; _seen++) _witness = _witness.See(_pending[_seen]);
    }

    private void Check()
    {
        CheckCounts();
        Witness();
        var ends = _model.Queue.Select(e => e.End).Concat(_model.Holds.Select(h => (DateTimeOffset?)h.End));
        Assert.Equal(ends.Min(), _inventory.NextEnd);
        if (_model.Status == EventStatus.Active && !_model.Deleted)
            Assert.All(_model.Queue.Where(e => e.End is null), e => Assert.True(e.Quantity > _inventory.Available));
    }

    private void CheckCounts()
    {
        var counts = _inventory.Counts;
        Assert.Equal(new EventCounts(_model.Free, _model.Booked, _model.Held, _model.Waiting), counts);
        Assert.Equal(_inventory.Capacity, counts.Available + counts.Booked + counts.Held);
        Assert.True(counts is { Available: >= 0, Booked: >= 0, Held: >= 0, Waiting: >= 0 });
        Assert.Equal(
            (_model.Status, _model.Deleted, _model.Currency),
            (_inventory.Status, _inventory.IsDeleted, _inventory.Details.Currency));
    }

    private static Guid UserId(int user) => new(user + 1, 1, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private Guid NextId() => new(++_ids, (ushort)_number, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
