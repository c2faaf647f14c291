using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>An event. Available, booked and held tickets add up to the capacity, always.</summary>
/// <param name="Price">Of one ticket; of seats the least that one costs.</param>
/// <param name="Seated">Whether its tickets are for seats: capacity and price follow from their plan.</param>
public sealed record EventResponse(
    Guid Id,
    string Name,
    string? Description,
    string Venue,
    string? Address,
    DateTimeOffset EventDate,
    int Capacity,
    int AvailableTickets,
    int BookedTickets,
    int HeldTickets,
    int WaitlistLength,
    decimal Price,
    string Currency,
    string? Category,
    string? ImageUrl,
    string Status,
    Guid CreatedBy,
    string CreatedByName,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    bool Seated)
{
    public static EventResponse From(EventRow row) => new(
        row.Id, row.Details.Name, row.Details.Description, row.Details.Venue, row.Details.Address,
        row.Details.EventDate, row.Capacity, row.Available, row.Booked, row.Held, row.Waiting, row.Details.Price,
        row.Details.Currency, row.Details.Category, row.Details.ImageUrl, row.Status.ToText(), row.CreatedBy,
        row.CreatedByName, row.CreatedAt, row.UpdatedAt, row.IsSeated);
}
