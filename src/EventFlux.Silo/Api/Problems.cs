using System.Diagnostics;
using System.Text.Json;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Contracts.Users;
using EventFlux.Contracts.Waitlist;
using EventFlux.Grains.Users;

namespace EventFlux.Silo.Api;

/// <summary>The one place where outcomes and codes become status, code and title.</summary>
public static partial class Problems
{
    public static int StatusOf(ErrorCode code) => Of(code).Status;

    public static string TitleOf(ErrorCode code) => Of(code).Title;

    /// <summary>The code on the wire: <c>EVENT_NOT_FOUND</c>.</summary>
    public static string NameOf(ErrorCode code) => JsonNamingPolicy.SnakeCaseUpper.ConvertName(code.ToString());

    /// <summary>A URI that names the kind of problem.</summary>
    public static string TypeOf(ErrorCode code) =>
        "urn:eventflux:error:" + JsonNamingPolicy.KebabCaseLower.ConvertName(code.ToString());

    /// <summary>All faults of a request at once, by member.</summary>
    public static Problem Validation(IReadOnlyDictionary<string, string[]> errors) =>
        new Problem(ErrorCode.ValidationError, "The request has faults; each is named under errors.")
            .With("errors", errors);

    public static Problem Validation(string member, string message) =>
        Validation(new Dictionary<string, string[]> { [member] = [message] });

    public static Problem EventNotFound { get; } = new(ErrorCode.EventNotFound, "There is no such event.");

    public static Problem BookingNotFound { get; } = new(ErrorCode.BookingNotFound, "There is no such booking.");

    public static Problem UserNotFound { get; } = new(ErrorCode.UserNotFound, "There is no such user.");

    /// <summary>The problem that a refusal is, or null when the booking was made.</summary>
    public static Problem? Of(BookResult result) => result.Outcome switch
    {
        BookOutcome.Confirmed => null,
        BookOutcome.EventNotFound => EventNotFound,
        BookOutcome.EventNotBookable => NotBookable,
        BookOutcome.InsufficientAvailability =>
            new Problem(
                ErrorCode.InsufficientAvailability,
                $"{result.AvailableTickets} tickets can be booked, fewer than asked for.")
                .With("available_tickets", result.AvailableTickets),
        BookOutcome.DuplicateBooking => Duplicate(result.ExistingBookingId),
        BookOutcome.KeyJustUsed => KeyJustUsed,
        BookOutcome.HoldExists => HoldExists(result.ExistingBookingId),
        BookOutcome.SeatsUnavailable => SeatsUnavailable(result.Seats),
        BookOutcome.UnknownSeats => UnknownSeats("seat_ids", result.Seats),
        BookOutcome.HoldNotFound => HoldNotFound,
        _ => throw new UnreachableException(),
    };

    /// <summary>The problem that a refusal is, or null when the user has joined.</summary>
    public static Problem? Of(JoinWaitlistResult result) => result.Outcome switch
    {
        JoinWaitlistOutcome.Joined => null,
        JoinWaitlistOutcome.EventNotFound => EventNotFound,
        JoinWaitlistOutcome.EventNotBookable => NotBookable,
        JoinWaitlistOutcome.TicketsStillAvailable =>
            new(ErrorCode.TicketsStillAvailable, "Enough tickets are free: book them."),
        JoinWaitlistOutcome.AlreadyOnWaitlist =>
            new(ErrorCode.AlreadyOnWaitlist, "You wait, or hold an open offer, for this event already."),
        JoinWaitlistOutcome.DuplicateBooking => Duplicate(result.ExistingBookingId),
        JoinWaitlistOutcome.KeyJustUsed => KeyJustUsed,
        JoinWaitlistOutcome.HoldExists => HoldExists(result.ExistingBookingId),
        JoinWaitlistOutcome.UnknownSections => UnknownSeats("sections", result.Sections),
        _ => throw new UnreachableException(),
    };

    /// <summary>The problem that a refusal is, or null when the user has left.</summary>
    public static Problem? Of(LeaveWaitlistOutcome outcome) => outcome switch
    {
        LeaveWaitlistOutcome.Left => null,
        LeaveWaitlistOutcome.EventNotFound => EventNotFound,
        LeaveWaitlistOutcome.EntryNotFound =>
            new(ErrorCode.WaitlistEntryNotFound, "You are not on this event's waitlist."),
        _ => throw new UnreachableException(),
    };

    /// <summary>The problem that a refusal is, or null when the booking was cancelled.</summary>
    public static Problem? Of(CancelBookingOutcome outcome) => outcome switch
    {
        CancelBookingOutcome.Cancelled => null,
        CancelBookingOutcome.BookingNotFound => BookingNotFound,
        CancelBookingOutcome.AlreadyCancelled =>
            new(ErrorCode.BookingAlreadyCancelled, "The booking is cancelled already."),
        CancelBookingOutcome.DeadlinePassed =>
            new(ErrorCode.CancellationDeadlinePassed, "Bookings can be cancelled until 24 hours before the event."),
        _ => throw new UnreachableException(),
    };

    /// <summary>The problem that a refusal is, or null when the event was created.</summary>
    public static Problem? Of(CreateEventOutcome outcome) => outcome switch
    {
        CreateEventOutcome.Created => null,
        CreateEventOutcome.DateNotInFuture => DateNotInFuture,
        CreateEventOutcome.AlreadyExists => throw new InvalidOperationException("A new id was not new."),
        _ => throw new UnreachableException(),
    };

    /// <summary>The problem that a refusal is, or null when the event was updated.</summary>
    public static Problem? Of(UpdateEventResult result) => result.Outcome switch
    {
        UpdateEventOutcome.Updated => null,
        UpdateEventOutcome.EventNotFound => EventNotFound,
        UpdateEventOutcome.VersionMismatch =>
            new(ErrorCode.PreconditionFailed, "The event has changed since the version that If-Match names."),
        UpdateEventOutcome.CapacityBelowBooked =>
            new Problem(
                ErrorCode.CapacityBelowBooked, $"{result.MinimumCapacity} tickets are booked or held.")
                .With("minimum_capacity", result.MinimumCapacity),
        UpdateEventOutcome.EventIsFinal =>
            Validation("status", "the event is cancelled or completed: status, date, capacity and price are fixed"),
        UpdateEventOutcome.DateNotInFuture => DateNotInFuture,
        UpdateEventOutcome.CurrencyInUse =>
            Validation("currency", "can't change once tickets were booked or are held in another"),
        UpdateEventOutcome.FollowsFromPlan =>
            Validation("capacity", "capacity and price follow from the event's seat plan"),
        _ => throw new UnreachableException(),
    };

    /// <summary>The problem that a refusal is, or null when the event was deleted.</summary>
    public static Problem? Of(DeleteEventOutcome outcome) => outcome switch
    {
        DeleteEventOutcome.Deleted => null,
        DeleteEventOutcome.EventNotFound => EventNotFound,
        DeleteEventOutcome.EventHasBookings =>
            new(ErrorCode.EventHasBookings, "The event has confirmed bookings; it can be cancelled instead."),
        _ => throw new UnreachableException(),
    };

    /// <summary>The problem that a refusal is, or null when the user was registered.</summary>
    public static Problem? Of(RegisterUserOutcome outcome) => outcome switch
    {
        RegisterUserOutcome.Registered => null,
        RegisterUserOutcome.UserAlreadyExists =>
            new(ErrorCode.UserAlreadyExists, "A user with this e-mail address exists already."),
        _ => throw new UnreachableException(),
    };

    /// <summary>The problem that a refusal is, or null when the user has the role.</summary>
    public static Problem? Of(SetRoleOutcome outcome) => outcome switch
    {
        SetRoleOutcome.Set => null,
        SetRoleOutcome.UserNotFound => UserNotFound,
        SetRoleOutcome.LastAdmin => new(
            ErrorCode.LastAdmin, "There is no other admin; make somebody else one first."),
        _ => throw new UnreachableException(),
    };

    /// <summary>The problem that a refusal is, or null when the password was right.</summary>
    /// <param name="wrong">What is said of a wrong one.</param>
    public static Problem? Of(CredentialResult result, string wrong) => result.Outcome switch
    {
        CredentialOutcome.Accepted => null,
        CredentialOutcome.Wrong => new(ErrorCode.InvalidCredentials, wrong),
        CredentialOutcome.TooManyFailures =>
            new(ErrorCode.AuthRateLimitExceeded, "Too many attempts at this account failed; try again in a moment.")
            {
                RetryAfter = result.RetryAfter,
            },
        _ => throw new UnreachableException(),
    };

    /// <summary>The code of a tier whose limit is reached.</summary>
    public static ErrorCode CodeOf(RateLimitTier tier) => tier switch
    {
        RateLimitTier.General => ErrorCode.RateLimitExceeded,
        RateLimitTier.Auth => ErrorCode.AuthRateLimitExceeded,
        RateLimitTier.Booking => ErrorCode.BookingRateLimitExceeded,
        RateLimitTier.Admin => ErrorCode.AdminRateLimitExceeded,
        _ => throw new UnreachableException(),
    };

    private static Problem NotBookable { get; } =
        new(ErrorCode.EventNotBookable, "The event is not on sale: a draft, cancelled, or past.");

    /// <summary>Seen only where what the key led to was removed within the same half minute.</summary>
    private static Problem KeyJustUsed { get; } =
        new(ErrorCode.IdempotencyKeyReused, "This key was used a moment ago for a request that is gone.");

    private static Problem DateNotInFuture { get; } = Validation("event_date", "must be in the future");

    private static Problem Duplicate(Guid bookingId) =>
        new Problem(ErrorCode.DuplicateBooking, "You hold a confirmed booking of this event already.")
            .With("booking_id", bookingId);

    private static (int Status, string Title) Of(ErrorCode code) => code switch
    {
        ErrorCode.ValidationError => (400, "The request is not valid"),
        ErrorCode.MalformedRequest => (400, "The request can't be read"),
        ErrorCode.MissingToken => (401, "A token is needed"),
        ErrorCode.InvalidToken => (401, "The token is not valid"),
        ErrorCode.TokenExpired => (401, "The token has expired"),
        ErrorCode.InvalidCredentials => (401, "E-mail or password is wrong"),
        ErrorCode.InsufficientPermissions => (403, "Not permitted"),
        ErrorCode.EventNotFound => (404, "Event not found"),
        ErrorCode.BookingNotFound => (404, "Booking not found"),
        ErrorCode.UserNotFound => (404, "User not found"),
        ErrorCode.WaitlistEntryNotFound => (404, "Waitlist entry not found"),
        ErrorCode.HoldNotFound => (404, "Hold not found"),
        ErrorCode.SeatPlanNotFound => (404, "No seat plan"),
        ErrorCode.RouteNotFound => (404, "No such route"),
        ErrorCode.MethodNotAllowed => (405, "Method not allowed"),
        ErrorCode.UserAlreadyExists => (409, "User exists already"),
        ErrorCode.InsufficientAvailability => (409, "Not enough tickets"),
        ErrorCode.DuplicateBooking => (409, "Booked already"),
        ErrorCode.EventNotBookable => (409, "Event not bookable"),
        ErrorCode.CancellationDeadlinePassed => (409, "Too late to cancel"),
        ErrorCode.BookingAlreadyCancelled => (409, "Cancelled already"),
        ErrorCode.EventHasBookings => (409, "Event has bookings"),
        ErrorCode.CapacityBelowBooked => (409, "Capacity too small"),
        ErrorCode.TicketsStillAvailable => (409, "Tickets still available"),
        ErrorCode.AlreadyOnWaitlist => (409, "On the waitlist already"),
        ErrorCode.SeatsUnavailable => (409, "Seats not available"),
        ErrorCode.SeatsInUse => (409, "Seats in use"),
        ErrorCode.HoldExists => (409, "Tickets held already"),
        ErrorCode.HoldAlreadyExtended => (409, "Extended already"),
        ErrorCode.LastAdmin => (409, "The last admin"),
        ErrorCode.PreconditionFailed => (412, "Changed in the meantime"),
        ErrorCode.BodyTooLarge => (413, "Body too large"),
        ErrorCode.UnsupportedMediaType => (415, "Unsupported media type"),
        ErrorCode.IdempotencyKeyReused => (422, "Idempotency key used for another request"),
        ErrorCode.RateLimitExceeded => (429, "Too many requests"),
        ErrorCode.AuthRateLimitExceeded => (429, "Too many attempts"),
        ErrorCode.BookingRateLimitExceeded => (429, "Too many bookings"),
        ErrorCode.AdminRateLimitExceeded => (429, "Too many admin requests"),
        ErrorCode.InternalError => (500, "Something went wrong on our side"),
        ErrorCode.ServiceUnavailable => (503, "Not available right now"),
        _ => throw new UnreachableException(code.ToString()),
    };
}
