using EventFlux.Contracts;
using EventFlux.Contracts.Bookings;
using FluentValidation;

namespace EventFlux.Silo.Api;

/// <summary>The body of <c>POST /api/bookings</c>: a quantity, seats, or a hold.</summary>
/// <param name="Quantity">Of seats, the best that are available.</param>
public sealed record CreateBookingRequest(
    Guid? EventId, int? Quantity, IReadOnlyList<string>? SeatIds = null, Guid? HoldId = null)
{
    /// <summary>What it asks for, however it was written.</summary>
    internal string Meaning => (SeatIds, HoldId) switch
    {
        ({ } seats, _) => $"{EventId:D} seats {string.Join(' ', seats.Order(StringComparer.Ordinal))}",
        (_, { } hold) => $"{EventId:D} hold {hold:D}",
        _ => $"{EventId:D} {Quantity}",
    };

    /// <summary>Where seats or a hold are named no quantity is: an event on a silo that knows neither
    /// refuses.</summary>
    internal BookTickets ToCommand(Guid userId, IdempotencyClaim? claim, Guid bookingId) => new(
        userId, Quantity ?? 0, claim, bookingId, SeatIds is null ? default : [.. SeatIds], HoldId ?? default);
}

/// <summary>The body of <c>POST /api/waitlist/join</c>.</summary>
/// <param name="Sections">Codes of the sections that will do, at an event with seats; all where left out.</param>
public sealed record JoinWaitlistRequest(
    Guid? EventId, int? Quantity, IReadOnlyList<string>? Sections = null)
{
    /// <summary>The sections, however they were written.</summary>
    internal string SectionsMeant =>
        Sections is null ? "" : $" {string.Join(' ', Sections.Order(StringComparer.Ordinal))}";
}

/// <summary>Judges requests to book: they name what they want in one of three ways.</summary>
internal sealed class CreateBookingValidator : AbstractValidator<CreateBookingRequest>
{
    public CreateBookingValidator(ApiOptions options)
    {
        RuleFor(request => request.EventId).NotNull().WithMessage("is required");
        RuleFor(request => request.Quantity).NotNull().WithMessage("is required")
            .When(request => request.SeatIds is null && request.HoldId is null);
        RuleFor(request => request.Quantity).IsTicketCount(options);
        RuleFor(request => request.SeatIds).AreSeats(options).Null().WithMessage("can't be given beside a quantity")
            .When(request => request.Quantity is not null, ApplyConditionTo.CurrentValidator);
        RuleFor(request => request.HoldId).Null().WithMessage("can't be given beside a quantity or seats")
            .When(request => request.Quantity is not null || request.SeatIds is not null);
    }
}

/// <summary>Judges requests to wait.</summary>
internal sealed class JoinWaitlistValidator : AbstractValidator<JoinWaitlistRequest>
{
    /// <summary>Of a wish, far more than anybody has.</summary>
    private const int MaxSections = 100;

    public JoinWaitlistValidator(ApiOptions options)
    {
        RuleFor(request => request.EventId).NotNull().WithMessage("is required");
        RuleFor(request => request.Quantity).NotNull().WithMessage("is required").IsTicketCount(options);
        RuleFor(request => request.Sections)
            .Must(sections => sections is null || sections.Count is >= 1 and <= MaxSections)
            .WithMessage($"must name 1 to {MaxSections} sections")
            .Must(sections => sections is null || sections.All(SeatRules.IsLabel))
            .WithMessage("must be codes of sections")
            .Must(sections => sections is null
                || sections.Distinct(StringComparer.Ordinal).Count() == sections.Count)
            .WithMessage("must name each section once");
    }
}

/// <summary>The rules about what a request may ask for.</summary>
internal static class TicketRules
{
    public static IRuleBuilderOptions<T, int?> IsTicketCount<T>(this IRuleBuilder<T, int?> rule, ApiOptions options) =>
        rule.InclusiveBetween(1, options.MaxTicketsPerUser)
            .WithMessage($"must be between 1 and {options.MaxTicketsPerUser}");

    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> AreSeats<T>(
        this IRuleBuilder<T, IReadOnlyList<string>?> rule, ApiOptions options) =>
        rule.Must(seats => seats is null || (seats.Count >= 1 && seats.Count <= options.MaxTicketsPerUser))
            .WithMessage($"must name 1 to {options.MaxTicketsPerUser} seats")
            .Must(seats => seats is null || seats.All(SeatRules.IsSeatId)).WithMessage("must be ids of seats")
            .Must(seats => seats is null || seats.Distinct(StringComparer.Ordinal).Count() == seats.Count)
            .WithMessage("must name each seat once");
}
