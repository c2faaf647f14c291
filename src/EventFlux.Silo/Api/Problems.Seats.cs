using System.Collections.Immutable;
using System.Diagnostics;
using EventFlux.Contracts.Holds;
using EventFlux.Contracts.Seats;

namespace EventFlux.Silo.Api;

/// <content>Seats and holds.</content>
public static partial class Problems
{
    /// <summary>Of seats in the way, as many are named.</summary>
    private const int MaxNamed = 100;

    public static Problem HoldNotFound { get; } =
        new(ErrorCode.HoldNotFound, "You have no such hold, or it has ended.");

    public static Problem SeatPlanNotFound { get; } =
        new(ErrorCode.SeatPlanNotFound, "The event has no seats: its tickets are for general admission.");

    /// <summary>The problem that a refusal is, or null when the tickets are held.</summary>
    public static Problem? Of(HoldResult result) => result.Outcome switch
    {
        HoldOutcome.Held => null,
        HoldOutcome.EventNotFound => EventNotFound,
        HoldOutcome.EventNotBookable => NotBookable,
        HoldOutcome.InsufficientAvailability =>
            new Problem(
                ErrorCode.InsufficientAvailability,
                "Fewer tickets than asked for can be held now, or none that fit the wish.")
                .With("available_tickets", result.AvailableTickets),
        HoldOutcome.DuplicateBooking => Duplicate(result.ExistingId),
        HoldOutcome.KeyJustUsed => KeyJustUsed,
        HoldOutcome.HoldExists => HoldExists(result.ExistingId),
        HoldOutcome.SeatsUnavailable => SeatsUnavailable(result.Seats),
        HoldOutcome.UnknownSeats => UnknownSeats("seat_ids", result.Seats),
        HoldOutcome.HoldNotFound => HoldNotFound,
        HoldOutcome.AlreadyExtended => new(ErrorCode.HoldAlreadyExtended, "A hold can be extended once."),
        _ => throw new UnreachableException(),
    };

    /// <summary>The problem that a refusal is, or null when the hold was released.</summary>
    public static Problem? Of(ReleaseHoldOutcome outcome) => outcome switch
    {
        ReleaseHoldOutcome.Released => null,
        ReleaseHoldOutcome.EventNotFound => EventNotFound,
        ReleaseHoldOutcome.HoldNotFound => HoldNotFound,
        _ => throw new UnreachableException(),
    };

    /// <summary>The problem that a refusal is, or null when the seats were changed.</summary>
    public static Problem? Of(SeatPlanResult result) => result.Outcome switch
    {
        SeatPlanOutcome.Changed => null,
        SeatPlanOutcome.EventNotFound => EventNotFound,
        SeatPlanOutcome.EventIsFinal =>
            Validation("status", "the event is cancelled or completed: its seats are fixed"),
        SeatPlanOutcome.VersionMismatch =>
            new(ErrorCode.PreconditionFailed, "The event has changed since the version that If-Match names."),
        SeatPlanOutcome.SeatsInUse =>
            new Problem(ErrorCode.SeatsInUse, "Seats that are held or booked can't be removed or blocked.")
                .With("seat_ids", Some(result.Seats)),
        SeatPlanOutcome.TicketsInUse =>
            new(ErrorCode.SeatsInUse, "Tickets without seats are booked or held: a seat plan comes before the sale."),
        SeatPlanOutcome.NoPlan => SeatPlanNotFound,
        SeatPlanOutcome.UnknownSeats => UnknownSeats("seat_ids", result.Seats),
        SeatPlanOutcome.NothingLeft => Validation("seat_ids", "at least one seat must stay in the sale"),
        _ => throw new UnreachableException(),
    };

    private static Problem HoldExists(Guid holdId) =>
        new Problem(ErrorCode.HoldExists, "You hold tickets of this event already: book that hold, or release it.")
            .With("hold_id", holdId);

    private static Problem SeatsUnavailable(ImmutableArray<string> seats) =>
        new Problem(ErrorCode.SeatsUnavailable, "Some of these seats are held, booked or not for sale.")
            .With("seat_ids", Some(seats));

    private static Problem UnknownSeats(string member, ImmutableArray<string> seats) =>
        Validation(member, $"not in the event's seat plan: {string.Join(", ", Some(seats))}");

    private static string[] Some(ImmutableArray<string> seats) =>
        seats.IsDefault ? [] : [.. seats.Take(MaxNamed)];
}
