using EventFlux.Contracts;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Holds;
using EventFlux.Contracts.Waitlist;
using EventFlux.Grains.Audit;

namespace EventFlux.Grains.Events;

/// <summary>
/// One event's tickets, seats, holds and waitlist, and every rule about them: a pure state machine without clock,
/// I/O or Orleans. A command is decided against the state; what is decided becomes facts, and each fact is applied at
/// once, so the next command finds it. A refusal changes nothing.
/// </summary>
/// <remarks>
/// <para>Invariants after each command: available, booked and held are never negative and add up to the capacity; held
/// is the sum of the open offers and holds; a user has at most one of booking, hold and waitlist entry; on an active
/// event no waiting entry's wish can be fulfilled, so whatever is available is free for anybody.</para>
/// <para>Every command first does what time has made due (<see cref="AdvanceTo"/>). So an offer is dead at its end and
/// an event is over at its date, whoever asks and whether or not a timer has run.</para>
/// <para>Owned by one grain activation, which calls it between awaits; not safe for concurrent use.</para>
/// </remarks>
internal sealed partial class EventInventory(TimeSpan offerDuration, TimeSpan holdDuration = default)
{
    /// <summary>Users may cancel until this long before the event.</summary>
    public static readonly TimeSpan CancellationDeadline = TimeSpan.FromHours(24);

    private static readonly EventDetails NoDetails = new("", null, "", null, default, 0, "", null, null);

    /// <summary>By user: nobody holds two.</summary>
    private readonly Dictionary<Guid, ConfirmedBooking> _bookings = [];
    private readonly Waitlist _waitlist = new();
    private readonly TicketHolds _holds = new();
    private long _lastSequence;

    /// <summary>Whether tickets became free since the waiting were last served.</summary>
    private bool _hasFreed = true;

    /// <summary>Whether the event was created and not deleted.</summary>
    public bool Exists { get; private set; }

    /// <summary>Whether the event was deleted; its id is never given again.</summary>
    public bool IsDeleted { get; private set; }

    public EventDetails Details { get; private set; } = NoDetails;

    public EventStatus Status { get; private set; }

    /// <summary>Counts the changes of details, capacity and status; sales don't.</summary>
    public long DetailsVersion { get; private set; }

    public int Capacity { get; private set; }

    public int Booked { get; private set; }

    public int Held { get; private set; }

    /// <summary>Whether anything was ever booked. From then on the currency stays, also when everything is cancelled:
    /// what the event's bookings brought in and gave back is one sum.</summary>
    public bool WasBooked { get; private set; }

    public int Available => Capacity - Booked - Held;

    private EventTerms Terms => new(Details, Capacity, Status);

    public EventCounts Counts => new(Available, Booked, Held, _waitlist.Waiting);

    /// <summary>When the next open offer or hold ends, or null.</summary>
    public DateTimeOffset? NextEnd => (_waitlist.FirstToExpire?.ExpiresAt, _holds.FirstToExpire?.ExpiresAt) switch
    {
        ({ } offer, { } hold) => offer < hold ? offer : hold,
        var (offer, hold) => offer ?? hold,
    };

    public CreateEventOutcome Create(CreateEvent command, DateTimeOffset now, List<EventFact> facts)
    {
        if (Exists || IsDeleted) return CreateEventOutcome.AlreadyExists;
        if (command.Details.EventDate <= now) return CreateEventOutcome.DateNotInFuture;

        Emit(
            new EventCreated(
                command.Details, command.Capacity, command.Status, command.CreatedBy, command.CreatedByName, now),
            facts);
        Note(AuditAction.EventCreate, command.By ?? new(command.CreatedBy), before: null, Terms, now, facts);
        return CreateEventOutcome.Created;
    }

    public UpdateEventResult Update(UpdateEvent command, DateTimeOffset now, List<EventFact> facts)
    {
        AdvanceTo(now, facts);
        if (!Exists) return new(UpdateEventOutcome.EventNotFound);
        if (command.ExpectedDetailsVersion is { } expected && expected != DetailsVersion)
            return new(UpdateEventOutcome.VersionMismatch);

        var patch = command.Patch;
        var details = patch.ApplyTo(Details);
        var capacity = patch.Capacity.Or(Capacity);
        var status = patch.Status.Or(Status);
        var outcome = CheckUpdate(details, capacity, status, now);
        if (outcome != UpdateEventOutcome.Updated) return new(outcome, Booked + Held);

        var remaining = status == EventStatus.Cancelled ? Status : status;
        if (details != Details || capacity != Capacity || remaining != Status)
        {
            var before = Terms;
            Emit(new EventChanged(details, capacity, remaining, now), facts);
            Note(AuditAction.EventUpdate, command.By, before, Terms, now, facts);
        }

        if (status == EventStatus.Cancelled && Status != EventStatus.Cancelled)
        {
            var before = Terms;
            CloseWaitlist(now, facts);
            EndHolds(HoldStatus.Closed, now, facts);
            Emit(new EventCancelled(_bookings.Count, now), facts);
            Note(AuditAction.EventCancel, command.By, before, Terms, now, facts);
        }

        OfferFreeTickets(now, facts);
        return new(UpdateEventOutcome.Updated);
    }

    public DeleteEventOutcome Delete(Actor? by, DateTimeOffset now, List<EventFact> facts)
    {
        AdvanceTo(now, facts);
        if (!Exists) return DeleteEventOutcome.EventNotFound;
        if (Booked > 0) return DeleteEventOutcome.EventHasBookings;

        CloseWaitlist(now, facts);
        EndHolds(HoldStatus.Closed, now, facts);
        Emit(new EventDeleted(now), facts);
        Note(AuditAction.EventDelete, by, Terms, after: null, now, facts);
        return DeleteEventOutcome.Deleted;
    }

    /// <inheritdoc cref="Book(BookTickets, Guid, string, DateTimeOffset, List{EventFact}, out Tickets)"/>
    public BookResult Book(
        BookTickets command, Guid bookingId, string reference, DateTimeOffset now, List<EventFact> facts) =>
        Book(command, bookingId, reference, now, facts, out _);

    /// <summary>Books the tickets of the user's hold or free ones, or, when the user holds an offer, the offered ones;
    /// what an offer leaves over goes on to the waiting.</summary>
    /// <param name="bookingId">The id that the booking is to have.</param>
    /// <param name="reference">The reference that the booking is to have.</param>
    /// <param name="booked">What was booked, where it was.</param>
    public BookResult Book(
        BookTickets command, Guid bookingId, string reference, DateTimeOffset now, List<EventFact> facts,
        out Tickets booked)
    {
        booked = default;
        AdvanceTo(now, facts);
        if (!Exists) return new(BookOutcome.EventNotFound);
        if (Status != EventStatus.Active) return new(BookOutcome.EventNotBookable);
        if (_bookings.TryGetValue(command.UserId, out var existing))
            return new(BookOutcome.DuplicateBooking, ExistingBookingId: existing.BookingId);

        var hold = _holds.Find(command.UserId);
        var entry = _waitlist.Find(command.UserId);
        if (command.HoldId != default)
        {
            if (hold?.Id != command.HoldId) return new(BookOutcome.HoldNotFound);
            booked = hold.Tickets;
            End(hold, HoldStatus.Booked, now, facts);
        }
        else if (hold is not null)
        {
            return new(BookOutcome.HoldExists, ExistingBookingId: hold.Id);
        }
        else
        {
            var taking = Take(entry, command.Quantity, command.SeatIds);
            if (taking.Tickets is not { } free) return RefusalOf(taking);
            booked = free;
            if (entry is not null) End(entry, WaitlistStatus.Converted, now, facts);
        }

        Emit(
            new BookingConfirmed(bookingId, reference, command.UserId, booked, Details.Currency, command.Claim, now),
            facts);
        OfferFreeTickets(now, facts);
        return new(BookOutcome.Confirmed);
    }

    /// <summary>Takes a booking's tickets back and offers them to the waiting. The caller has seen the booking's row,
    /// so a booking that is not confirmed here was cancelled.</summary>
    public CancelBookingOutcome ReturnTickets(ReturnTickets command, DateTimeOffset now, List<EventFact> facts)
    {
        AdvanceTo(now, facts);
        if (!_bookings.TryGetValue(command.UserId, out var booking) || booking.BookingId != command.BookingId)
            return CancelBookingOutcome.AlreadyCancelled;
        if (!command.AsAdmin && now > Details.EventDate - CancellationDeadline)
            return CancelBookingOutcome.DeadlinePassed;

        Emit(
            new BookingCancelled(
                booking.BookingId, command.UserId, booking.Quantity, command.Amount, SeatIdsOf(command.UserId), now),
            facts);
        if (command.By is { } by)
            Emit(new ActionNoted(AuditAction.BookingCancel, by, booking.BookingId, null, null, now), facts);
        OfferFreeTickets(now, facts);
        return CancelBookingOutcome.Cancelled;
    }

    /// <summary>Does what is due at <paramref name="now"/>: completes an event whose date has come, ends offers and
    /// holds that are over, and offers their tickets on.</summary>
    public void AdvanceTo(DateTimeOffset now, List<EventFact> facts)
    {
        if (!Exists) return;
        var isOver = Status == EventStatus.Active && now >= Details.EventDate;
        while (_waitlist.FirstToExpire is { } entry && (isOver || entry.ExpiresAt <= now))
            End(entry, WaitlistStatus.Expired, now, facts);
        while (_holds.FirstToExpire is { } hold && (isOver || hold.ExpiresAt <= now))
            End(hold, HoldStatus.Expired, now, facts);
        if (isOver)
        {
            CloseWaitlist(now, facts);
            Emit(new EventCompleted(now), facts);
        }

        OfferFreeTickets(now, facts);
    }

    private UpdateEventOutcome CheckUpdate(EventDetails details, int capacity, EventStatus status, DateTimeOffset now)
    {
        var isFinal = Status is EventStatus.Cancelled or EventStatus.Completed;
        var dateMoves = details.EventDate != Details.EventDate;
        if (isFinal && (dateMoves || status != Status || capacity != Capacity
                        || details.Price != Details.Price || details.Currency != Details.Currency))
            return UpdateEventOutcome.EventIsFinal;
        if (!isFinal && status == EventStatus.Completed)
            throw new ArgumentException("An event completes by itself, at its date.", nameof(status));
        var goesOnSale = status == EventStatus.Active && Status == EventStatus.Draft;
        if ((dateMoves || goesOnSale) && details.EventDate <= now) return UpdateEventOutcome.DateNotInFuture;
        if (details.Currency != Details.Currency && (WasBooked || Held > 0)) return UpdateEventOutcome.CurrencyInUse;
        if (IsSeated && (capacity != Capacity || details.Price != Details.Price))
            return UpdateEventOutcome.FollowsFromPlan;
        return capacity < Booked + Held ? UpdateEventOutcome.CapacityBelowBooked : UpdateEventOutcome.Updated;
    }

    private static DateTimeOffset EarlierOf(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private void Note(
        AuditAction action, Actor? by, EventTerms? before, EventTerms? after, DateTimeOffset now,
        List<EventFact> facts) =>
        Emit(new ActionNoted(action, by, null, before, after, now), facts);

    private void Emit(EventFact fact, List<EventFact> facts)
    {
        Apply(fact);
        facts.Add(fact);
    }

    /// <summary>16 + 4 bytes a booking beside its user's id: memory grows with what is sold, so nothing else is
    /// kept.</summary>
    private readonly record struct ConfirmedBooking(Guid BookingId, int Quantity);
}
