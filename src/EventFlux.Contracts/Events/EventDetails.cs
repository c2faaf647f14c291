namespace EventFlux.Contracts.Events;

/// <summary>What an organiser says about an event. Inventory and status are kept beside it, not in it.</summary>
/// <param name="EventDate">When the event begins (UTC). Sales and offers end at this instant at the latest.</param>
/// <param name="Price">Price of one ticket in <paramref name="Currency"/>, two decimals.</param>
/// <param name="Currency">ISO 4217 code in capitals.</param>
[GenerateSerializer, Immutable, Alias("eventflux.EventDetails")]
public sealed record EventDetails(
    [property: Id(0)] string Name,
    [property: Id(1)] string? Description,
    [property: Id(2)] string Venue,
    [property: Id(3)] string? Address,
    [property: Id(4)] DateTimeOffset EventDate,
    [property: Id(5)] decimal Price,
    [property: Id(6)] string Currency,
    [property: Id(7)] string? Category,
    [property: Id(8)] string? ImageUrl);
