using EventFlux.Contracts.Events;

namespace EventFlux.Grains.Events;

internal static class EventPatchExtensions
{
    /// <summary>The details with the given members set and the others as they are.</summary>
    public static EventDetails ApplyTo(this EventPatch patch, EventDetails current) => new(
        patch.Name.Or(current.Name),
        patch.Description.Or(current.Description),
        patch.Venue.Or(current.Venue),
        patch.Address.Or(current.Address),
        patch.EventDate.Or(current.EventDate),
        patch.Price.Or(current.Price),
        patch.Currency.Or(current.Currency),
        patch.Category.Or(current.Category),
        patch.ImageUrl.Or(current.ImageUrl));
}
