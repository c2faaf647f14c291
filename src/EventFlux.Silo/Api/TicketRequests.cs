using FluentValidation;

namespace EventFlux.Silo.Api;

/// <summary>Asks for tickets of an event: to book them, or to wait for them.</summary>
public interface ITicketRequest
{
    Guid? EventId { get; }

    int? Quantity { get; }
}

/// <summary>The body of <c>POST /api/bookings</c>.</summary>
public sealed record CreateBookingRequest(Guid? EventId, int? Quantity) : ITicketRequest;

/// <summary>The body of <c>POST /api/waitlist/join</c>.</summary>
public sealed record JoinWaitlistRequest(Guid? EventId, int? Quantity) : ITicketRequest;

/// <summary>The one rule about how many tickets a request may ask for.</summary>
internal sealed class TicketRequestValidator<TRequest> : AbstractValidator<TRequest>
    where TRequest : ITicketRequest
{
    public TicketRequestValidator(ApiOptions options)
    {
        RuleFor(request => request.EventId).NotNull().WithMessage("is required");
        RuleFor(request => request.Quantity).NotNull().WithMessage("is required");
        RuleFor(request => request.Quantity).InclusiveBetween(1, options.MaxTicketsPerUser)
            .WithMessage($"must be between 1 and {options.MaxTicketsPerUser}");
    }
}
