using EventFlux.Contracts;
using EventFlux.Contracts.Holds;
using EventFlux.Contracts.Seats;
using FluentValidation;

namespace EventFlux.Silo.Api;

/// <summary>The body of <c>POST /api/events/{id}/holds</c>: a quantity, seats, or a wish.</summary>
/// <param name="Quantity">Of seats, the best that are available.</param>
public sealed record HoldRequest(
    int? Quantity = null, IReadOnlyList<string>? SeatIds = null, BestAvailableRequest? BestAvailable = null)
{
    /// <summary>What it asks for, however it was written.</summary>
    internal string MeaningFor(Guid eventId) => (SeatIds, BestAvailable) switch
    {
        ({ } seats, _) => $"{eventId:D} seats {string.Join(' ', seats.Order(StringComparer.Ordinal))}",
        (_, { } wish) => FormattableString.Invariant(
            $"{eventId:D} best {wish.Quantity} {wish.Section} {wish.MaxPrice:F2} {wish.Wheelchairs ?? 0} {
                wish.Together ?? false}"),
        _ => $"{eventId:D} {Quantity}",
    };

    internal HoldTickets ToCommand(Guid userId, IdempotencyClaim? claim, Guid holdId)
    {
        SeatChoice? choice = (SeatIds, BestAvailable) switch
        {
            ({ } seats, _) => new([.. seats]),
            (_, { } wish) => new(
                default, wish.Section is { } section ? [section] : default, wish.MaxPrice, wish.Wheelchairs ?? 0,
                wish.Together ?? false),
            _ => null,
        };
        return new(userId, SeatIds?.Count ?? BestAvailable?.Quantity ?? Quantity!.Value, choice, claim, holdId);
    }
}

/// <summary>Leaves the choice of seats to the event.</summary>
/// <param name="Section">A section's code; any where left out.</param>
/// <param name="MaxPrice">Of one seat.</param>
/// <param name="Wheelchairs">How many of them are to be places for wheelchairs; none where left out.</param>
/// <param name="Together">Side by side in one row, or none at all; where left out a group may be split when there is
/// no other way.</param>
public sealed record BestAvailableRequest(
    int? Quantity, string? Section = null, decimal? MaxPrice = null, int? Wheelchairs = null, bool? Together = null);

/// <summary>Judges requests to hold: they name what they want in one of three ways.</summary>
internal sealed class HoldValidator : AbstractValidator<HoldRequest>
{
    public HoldValidator(ApiOptions options)
    {
        RuleFor(request => request.Quantity).NotNull().WithMessage("is required")
            .When(request => request.SeatIds is null && request.BestAvailable is null);
        RuleFor(request => request.Quantity).IsTicketCount(options);
        RuleFor(request => request.SeatIds).AreSeats(options);
        RuleFor(request => request.SeatIds).Null().WithMessage("can't be given beside a quantity")
            .When(request => request.Quantity is not null);
        RuleFor(request => request.BestAvailable).Null().WithMessage("can't be given beside a quantity or seats")
            .When(request => request.Quantity is not null || request.SeatIds is not null);
        When(request => request.BestAvailable is not null, () =>
        {
            RuleFor(request => request.BestAvailable!.Quantity).NotNull().WithMessage("is required")
                .IsTicketCount(options).OverridePropertyName("best_available.quantity");
            RuleFor(request => request.BestAvailable!.Section)
                .Must(section => section is null || SeatRules.IsLabel(section))
                .WithMessage("must be the code of a section").OverridePropertyName("best_available.section");
            RuleFor(request => request.BestAvailable!.MaxPrice).Price()
                .OverridePropertyName("best_available.max_price");
            RuleFor(request => request.BestAvailable!.Wheelchairs)
                .Must((request, places) => places is null || (places >= 0 && places <= request.BestAvailable!.Quantity))
                .WithMessage("must be between 0 and the quantity").OverridePropertyName("best_available.wheelchairs");
        });
    }
}
