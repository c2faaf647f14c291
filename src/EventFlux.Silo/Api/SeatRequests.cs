using EventFlux.Contracts.Seats;
using FluentValidation;

namespace EventFlux.Silo.Api;

/// <summary>The body of <c>PUT /api/events/{id}/seats</c>: a plan, or whose plan to copy.</summary>
/// <param name="FocalPoint">What everybody looks at; the middle of the front where left out.</param>
/// <param name="CopyFrom">The id of an event whose plan is taken over.</param>
public sealed record SeatPlanRequest(
    IReadOnlyList<SeatSectionRequest?>? Sections, SeatPointRequest? FocalPoint = null, Guid? CopyFrom = null)
{
    /// <summary>The plan that a whole request describes.</summary>
    internal SeatPlan ToPlan()
    {
        SeatSection[] sections =
        [
            .. Sections!.Select(section => new SeatSection(
                section!.Code!, section.Name!, section.Price!.Value,
                [.. section.Rows!.Select(row => row!.ToRow())])),
        ];
        if (FocalPoint is { } point) return new(new(point.X!.Value, point.Y!.Value), [.. sections]);

        SeatPosition[] places =
            [.. sections.SelectMany(section => section.Rows).SelectMany(row => row.Seats, (_, seat) => seat.Position)];
        var middle = (places.Min(place => place.X) + places.Max(place => place.X)) / 2;
        return new(new(middle, places.Min(place => place.Y)), [.. sections]);
    }
}

/// <param name="Code">1 to 10 letters and digits, unique in the plan.</param>
/// <param name="Price">Of one seat, in the event's currency.</param>
public sealed record SeatSectionRequest(
    string? Code, string? Name, decimal? Price, IReadOnlyList<SeatRowRequest?>? Rows);

/// <summary>Seats side by side. A row that an aisle divides is two rows with one label.</summary>
public sealed record SeatRowRequest(string? Label, IReadOnlyList<PlannedSeatRequest?>? Seats)
{
    internal SeatRow ToRow() => new(Label!, [.. Seats!.Select(seat => seat!.ToSeat())]);
}

/// <param name="X">Where it is drawn; y grows downwards.</param>
/// <param name="Kind">standard, wheelchair or companion; standard where left out.</param>
public sealed record PlannedSeatRequest(string? Number, double? X, double? Y, string? Kind = null)
{
    internal PlannedSeat ToSeat() => new(
        Number!, new(X!.Value, Y!.Value), Kind is null ? SeatKind.Standard : SeatRules.KindOf(Kind)!.Value);
}

/// <summary>A point of the plan.</summary>
public sealed record SeatPointRequest(double? X, double? Y);

/// <summary>The body of <c>PUT /api/events/{id}/seats/block</c>.</summary>
public sealed record BlockSeatsRequest(IReadOnlyList<string>? SeatIds, string? Reason);

/// <summary>The body of <c>PUT /api/events/{id}/seats/unblock</c>.</summary>
public sealed record UnblockSeatsRequest(IReadOnlyList<string>? SeatIds);

/// <summary>Judges a plan as a whole.</summary>
internal sealed class SeatPlanValidator : AbstractValidator<SeatPlanRequest>
{
    public SeatPlanValidator() => RuleFor(plan => plan).Custom(static (plan, context) =>
    {
        foreach (var (path, fault) in SeatRules.FaultsOf(plan)) context.AddFailure(path, fault);
    });
}

/// <summary>Judges what is to be blocked.</summary>
internal sealed class BlockSeatsValidator : AbstractValidator<BlockSeatsRequest>
{
    private const int MaxReasonLength = 200;

    public BlockSeatsValidator()
    {
        RuleFor(request => request.SeatIds).AreSomeSeats();
        RuleFor(request => request.Reason).NotEmpty().WithMessage("is required").AtMost(MaxReasonLength);
    }
}

/// <summary>Judges what is to be put back.</summary>
internal sealed class UnblockSeatsValidator : AbstractValidator<UnblockSeatsRequest>
{
    public UnblockSeatsValidator() => RuleFor(request => request.SeatIds).AreSomeSeats();
}

/// <summary>The rule about seats that an organiser names.</summary>
internal static class SeatListRules
{
    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> AreSomeSeats<T>(
        this IRuleBuilder<T, IReadOnlyList<string>?> rule) =>
        rule.Must(seats => seats is { Count: >= 1 and <= SeatRules.MaxSeats })
            .WithMessage($"must name 1 to {SeatRules.MaxSeats} seats")
            .Must(seats => seats is null || seats.All(SeatRules.IsSeatId)).WithMessage("must be ids of seats");
}
