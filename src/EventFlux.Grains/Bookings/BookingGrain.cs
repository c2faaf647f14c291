using EventFlux.Contracts;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Faults;
using EventFlux.Grains.Storage;

namespace EventFlux.Grains.Bookings;

/// <summary>
/// One booking after it was sold. It holds no state of its own: its row is written by the event's commits, and it is
/// read anew for each command, since the event may cancel all its bookings at any time. What it owns is the order of
/// what happens to the booking: one command after the other.
/// </summary>
[GrainType("booking"), CollectionAgeLimit(Minutes = 2)]
internal sealed class BookingGrain(BookingQueries bookings, GrainsById<IEventGrain> events)
    : Grain, IBookingGrain
{
    /// <inheritdoc/>
    public async Task<CancelBookingOutcome> CancelAsync(
        CancelBooking command, CancellationToken cancellationToken = default) =>
        (await CancelAndShowAsync(command, cancellationToken)).Outcome;

    /// <inheritdoc/>
    public async Task<CancelBookingResult> CancelAndShowAsync(
        CancelBooking command, CancellationToken cancellationToken = default)
    {
        var booking = await bookings.FindTogetherAsync(this.GetPrimaryKey(), cancellationToken);
        if (booking is null) DeactivateOnIdle(); // Made-up ids leave nothing in memory.
        var isOwner = booking?.UserId == command.RequestedBy;
        if (booking is null || (!isOwner && !command.AsAdmin)) return new(CancelBookingOutcome.BookingNotFound);
        if (booking.Status == BookingStatus.Cancelled) return new(CancelBookingOutcome.AlreadyCancelled, booking);

        var by = command.By ?? new Actor(command.RequestedBy);
        var (outcome, cancelledAt) = await ReturnTicketsAsync(
            events[booking.EventId],
            new(booking.Id, booking.UserId, booking.TotalAmount, command.AsAdmin, isOwner ? null : by),
            cancellationToken);
        // What was read above and what the event has decided are all that the row holds now.
        if (cancelledAt is not null)
            return new(outcome, booking with { Status = BookingStatus.Cancelled, CancelledAt = cancelledAt });
        if (outcome is not (CancelBookingOutcome.Cancelled or CancelBookingOutcome.AlreadyCancelled))
            return new(outcome);

        // An activation that is out of date knows nothing of this booking. It changes nothing either, so no fence stops
        // it; the row does.
        var now = await bookings.FindAsync(booking.Id, cancellationToken);
        return now is { Status: BookingStatus.Confirmed }
            ? throw new ServiceUnavailableException("The event is out of date.")
            : new(outcome, now);
    }

    /// <summary>On a silo of the release before, an event doesn't tell the instant.</summary>
    private static Task<ReturnTicketsResult> ReturnTicketsAsync(
        IEventGrain owner, ReturnTickets command, CancellationToken cancellationToken) => ReleaseBefore.OrAsync(
        () => owner.TakeTicketsBackAsync(command, cancellationToken),
        async () => new(await owner.ReturnTicketsAsync(command, cancellationToken)));
}
