using EventFlux.Contracts;
using EventFlux.Contracts.Events;

namespace EventFlux.Silo.Api;

/// <summary>The body of <c>POST /api/events</c>.</summary>
/// <param name="Currency">ISO 4217; USD when left out.</param>
/// <param name="Status"><c>draft</c> or <c>active</c>; active when left out.</param>
public sealed record CreateEventRequest(
    string? Name,
    string? Description,
    string? Venue,
    string? Address,
    DateTimeOffset? EventDate,
    int? Capacity,
    decimal? Price,
    string? Currency,
    string? Category,
    string? ImageUrl,
    string? Status)
{
    private const string DefaultCurrency = "USD";

    /// <summary>The details asked for. The body has been validated.</summary>
    public EventDetails ToDetails() => new(
        Name!.Trim(), Description, Venue!.Trim(), Address, EventDate!.Value, Price!.Value, Currency ?? DefaultCurrency,
        Category?.Trim(), ImageUrl);
}

/// <summary>The body of <c>PUT /api/events/{id}</c>: members left out stay as they are, null clears an optional
/// one.</summary>
/// <param name="Status"><c>draft</c>, <c>active</c> or <c>cancelled</c>.</param>
public sealed record UpdateEventRequest(
    Optional<string?> Name,
    Optional<string?> Description,
    Optional<string?> Venue,
    Optional<string?> Address,
    Optional<DateTimeOffset?> EventDate,
    Optional<int?> Capacity,
    Optional<decimal?> Price,
    Optional<string?> Currency,
    Optional<string?> Category,
    Optional<string?> ImageUrl,
    Optional<string?> Status)
{
    /// <summary>The change asked for. The body has been validated, so what is required is there.</summary>
    public EventPatch ToPatch() => new()
    {
        Name = Name.Select(name => name!.Trim()),
        Description = Description,
        Venue = Venue.Select(venue => venue!.Trim()),
        Address = Address,
        EventDate = EventDate.Select(date => date!.Value),
        Capacity = Capacity.Select(capacity => capacity!.Value),
        Price = Price.Select(price => price!.Value),
        Currency = Currency.Select(currency => currency!),
        Category = Category.Select(category => category?.Trim()),
        ImageUrl = ImageUrl,
        Status = Status.Select(status => EventRules.Status(status!)!.Value),
    };
}
