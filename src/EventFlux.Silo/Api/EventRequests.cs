using EventFlux.Contracts;
using EventFlux.Contracts.Events;

namespace EventFlux.Silo.Api;

/// <summary>The body of <c>POST /api/events</c>.</summary>
/// <param name="Name">3 to 255 characters.</param>
/// <param name="Venue">3 to 255 characters.</param>
/// <param name="EventDate">When the event begins: in the future, with an offset.</param>
/// <param name="Capacity">Tickets in all, 1 to 1,000,000.</param>
/// <param name="Price">Of one ticket, 0 to 1,000,000 with at most two decimals.</param>
/// <param name="Description">At most 2,000 characters.</param>
/// <param name="Address">At most 500 characters.</param>
/// <param name="Currency">ISO 4217; USD when left out.</param>
/// <param name="Category">At most 100 characters.</param>
/// <param name="ImageUrl">An http or https address.</param>
/// <param name="Status"><c>draft</c> or <c>active</c>; active when left out.</param>
public sealed record CreateEventRequest(
    string? Name,
    string? Venue,
    DateTimeOffset? EventDate,
    int? Capacity,
    decimal? Price,
    string? Description = null,
    string? Address = null,
    string? Currency = null,
    string? Category = null,
    string? ImageUrl = null,
    string? Status = null)
{
    private const string DefaultCurrency = "USD";

    /// <summary>The details asked for. The body has been validated.</summary>
    public EventDetails ToDetails() => new(
        Name!.Trim(), Description, Venue!.Trim(), Address, EventDate!.Value, Price!.Value, Currency ?? DefaultCurrency,
        Category?.Trim(), ImageUrl);
}

/// <summary>The body of <c>PUT /api/events/{id}</c>: members left out stay as they are, null clears an optional
/// one.</summary>
/// <param name="Name">3 to 255 characters.</param>
/// <param name="Description">At most 2,000 characters.</param>
/// <param name="Venue">3 to 255 characters.</param>
/// <param name="Address">At most 500 characters.</param>
/// <param name="EventDate">When the event begins: in the future, with an offset.</param>
/// <param name="Capacity">Tickets in all, 1 to 1,000,000, and not below what is booked and held.</param>
/// <param name="Price">Of one ticket sold from now on, 0 to 1,000,000 with at most two decimals.</param>
/// <param name="Currency">ISO 4217; fixed while tickets are booked.</param>
/// <param name="Category">At most 100 characters.</param>
/// <param name="ImageUrl">An http or https address.</param>
/// <param name="Status"><c>draft</c>, <c>active</c>, or <c>cancelled</c>, which is final and cancels all
/// bookings.</param>
public sealed record UpdateEventRequest(
    Optional<string?> Name,
    [property: NullClears] Optional<string?> Description,
    Optional<string?> Venue,
    [property: NullClears] Optional<string?> Address,
    Optional<DateTimeOffset?> EventDate,
    Optional<int?> Capacity,
    Optional<decimal?> Price,
    Optional<string?> Currency,
    [property: NullClears] Optional<string?> Category,
    [property: NullClears] Optional<string?> ImageUrl,
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
