namespace EventFlux.Contracts.Bookings;

/// <summary>Asks a booking to be cancelled.</summary>
/// <param name="RequestedBy">The user who asks. Somebody else's booking does not exist for a plain user.</param>
/// <param name="AsAdmin">Whether the user who asks is an admin, who may cancel any booking at any time.</param>
/// <param name="By">Who asks, for the audit log, which keeps what is done to somebody else's booking.</param>
[GenerateSerializer, Immutable, Alias("eventflux.CancelBooking")]
public sealed record CancelBooking(
    [property: Id(0)] Guid RequestedBy,
    [property: Id(1)] bool AsAdmin,
    [property: Id(2)] Actor? By = null);

/// <summary>Asks the event to take a booking's tickets back; sent by the booking itself.</summary>
/// <param name="Amount">What the booking cost in all, for the books.</param>
/// <param name="AsAdmin">Whether the cancellation deadline does not apply.</param>
/// <param name="By">Who asks, when it is not the booking's owner.</param>
[GenerateSerializer, Immutable, Alias("eventflux.ReturnTickets")]
public sealed record ReturnTickets(
    [property: Id(0)] Guid BookingId,
    [property: Id(1)] Guid UserId,
    [property: Id(2)] decimal Amount,
    [property: Id(3)] bool AsAdmin,
    [property: Id(4)] Actor? By = null);

/// <summary>The answer to <see cref="CancelBooking"/>.</summary>
/// <param name="Booking">As it is in the database now, with <see cref="CancelBookingOutcome.Cancelled"/> and
/// <see cref="CancelBookingOutcome.AlreadyCancelled"/>; null with the others.</param>
[GenerateSerializer, Immutable, Alias("eventflux.CancelBookingResult")]
public sealed record CancelBookingResult(
    [property: Id(0)] CancelBookingOutcome Outcome,
    [property: Id(1)] BookingSnapshot? Booking = null);

/// <summary>The answer to <see cref="ReturnTickets"/>.</summary>
/// <param name="CancelledAt">The instant that is stored, with <see cref="CancelBookingOutcome.Cancelled"/>.</param>
[GenerateSerializer, Immutable, Alias("eventflux.ReturnTicketsResult")]
public sealed record ReturnTicketsResult(
    [property: Id(0)] CancelBookingOutcome Outcome,
    [property: Id(1)] DateTimeOffset? CancelledAt = null);

/// <summary>How a cancellation ended. Every refusal leaves the booking as it was.</summary>
public enum CancelBookingOutcome
{
    /// <summary>The cancellation, and the waitlist offers that it caused, are in the database.</summary>
    Cancelled = 0,

    /// <summary>No such booking, or none that the user who asks may know of.</summary>
    BookingNotFound = 1,

    /// <summary>It is cancelled already, by its owner, an admin or with its event.</summary>
    AlreadyCancelled = 2,

    /// <summary>Less than 24 hours are left before the event, and the user who asks is no admin.</summary>
    DeadlinePassed = 3,
}
