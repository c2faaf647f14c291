using System.Collections.Immutable;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Faults;
using EventFlux.Contracts.Holds;
using EventFlux.Contracts.Seats;
using EventFlux.Contracts.Waitlist;

namespace EventFlux.Contracts.Events;

/// <summary>
/// One event; its key is the event's id. It alone decides about the event's tickets and waitlist. What it answers as
/// done is durable in PostgreSQL; a refusal changed nothing. Calls may come at the same time and from any silo: they
/// are decided one after the other and share commits.
/// </summary>
/// <remarks>
/// Every method throws <see cref="ServiceUnavailableException"/> when a commit failed, its outcome is unknown, or the
/// event has more requests under way than it takes. The caller may repeat; with an <see cref="IdempotencyClaim"/> a
/// repeat can't buy or queue twice.
/// </remarks>
[Alias("eventflux.IEventGrain")]
public interface IEventGrain : IGrainWithGuidKey
{
    /// <summary>Creates the event. A repeat answers <see cref="CreateEventOutcome.AlreadyExists"/>.</summary>
    [Alias("Create")]
    Task<CreateEventOutcome> CreateAsync(CreateEvent command, CancellationToken cancellationToken = default);

    /// <summary>Changes details, capacity or status. Cancelling cancels all bookings and closes the waitlist in the
    /// same commit; more capacity goes to the waiting first, in the same commit.</summary>
    [Alias("Update")]
    Task<UpdateEventResult> UpdateAsync(UpdateEvent command, CancellationToken cancellationToken = default);

    /// <summary>Deletes an event without confirmed bookings and closes its waitlist.</summary>
    /// <param name="by">Who asks, for the audit log.</param>
    [Alias("Delete")]
    Task<DeleteEventOutcome> DeleteAsync(Actor? by = null, CancellationToken cancellationToken = default);

    /// <summary>Books free tickets, or the tickets of the user's open offer.</summary>
    [Alias("Book")]
    Task<BookResult> BookAsync(BookTickets command, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="BookAsync"/>, for several buyers in their order: one call, one wait.</summary>
    /// <returns>The answer to each at its place.</returns>
    [Alias("BookAll")]
    Task<ImmutableArray<BookResult>> BookAllAsync(
        ImmutableArray<BookTickets> commands, CancellationToken cancellationToken = default);

    /// <summary>Takes a booking's tickets back and offers them to the waiting, in one commit. Called by the booking's
    /// grain alone, which knows who asks.</summary>
    [Alias("ReturnTickets")]
    Task<CancelBookingOutcome> ReturnTicketsAsync(ReturnTickets command, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="ReturnTicketsAsync"/>, and tells when that was.</summary>
    [Alias("TakeTicketsBack")]
    Task<ReturnTicketsResult> TakeTicketsBackAsync(
        ReturnTickets command, CancellationToken cancellationToken = default);

    /// <summary>Queues for tickets.</summary>
    [Alias("JoinWaitlist")]
    Task<JoinWaitlistResult> JoinWaitlistAsync(JoinWaitlist command, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="JoinWaitlistAsync"/>, for several in their order: one call, one wait.</summary>
    /// <returns>The answer to each at its place.</returns>
    [Alias("JoinWaitlistAll")]
    Task<ImmutableArray<JoinWaitlistResult>> JoinWaitlistAllAsync(
        ImmutableArray<JoinWaitlist> commands, CancellationToken cancellationToken = default);

    /// <summary>Gives up the user's place or offer.</summary>
    [Alias("LeaveWaitlist")]
    Task<LeaveWaitlistOutcome> LeaveWaitlistAsync(Guid userId, CancellationToken cancellationToken = default);

    /// <summary>Sets tickets aside for one user, from what is free or from the user's open offer, whose entry ends with
    /// it. All or nothing; one hold at a time.</summary>
    [Alias("Hold")]
    Task<HoldResult> HoldAsync(HoldTickets command, CancellationToken cancellationToken = default);

    /// <summary>Lets a hold last once more as long.</summary>
    [Alias("ExtendHold")]
    Task<HoldResult> ExtendHoldAsync(Guid userId, Guid holdId, CancellationToken cancellationToken = default);

    /// <summary>Gives a hold's tickets back.</summary>
    [Alias("ReleaseHold")]
    Task<ReleaseHoldOutcome> ReleaseHoldAsync(
        Guid userId, Guid holdId, CancellationToken cancellationToken = default);

    /// <summary>Gives the event a seat plan, or another one: its capacity and price follow from it. Seats that are held
    /// or booked stay, and keep what they cost.</summary>
    [Alias("SetSeatPlan")]
    Task<SeatPlanResult> SetSeatPlanAsync(SetSeatPlan command, CancellationToken cancellationToken = default);

    /// <summary>Takes free seats out of the sale, or puts blocked ones back.</summary>
    [Alias("BlockSeats")]
    Task<SeatPlanResult> BlockSeatsAsync(BlockSeats command, CancellationToken cancellationToken = default);

    /// <summary>What would be chosen now for somebody who leaves the choice to the event; takes nothing.</summary>
    /// <returns>Ids of seats; empty where none fit.</returns>
    [Alias("ChooseSeats")]
    Task<ImmutableArray<string>> ChooseSeatsAsync(
        int quantity, SeatChoice choice, CancellationToken cancellationToken = default);

    /// <summary>What has changed for buyers since a version, as far as it is durable; waits for it a while.</summary>
    /// <param name="since">The version that the caller has; -1 for everything.</param>
    /// <param name="patience">How long to wait where nothing has changed.</param>
    [Alias("WatchAvailability")]
    Task<AvailabilityNews> WatchAvailabilityAsync(
        long since, TimeSpan patience, CancellationToken cancellationToken = default);

    /// <summary>Does what time has made due: ends offers and holds, offers their tickets on, completes the event.
    /// Any instant in the state decides by itself; this makes the event look.</summary>
    [Alias("AdvanceTime")]
    Task AdvanceTimeAsync(CancellationToken cancellationToken = default);
}
