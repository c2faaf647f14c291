using EventFlux.Contracts.Events;
using EventFlux.Grains.Events;

namespace EventFlux.Tests.Costs;

/// <summary>Inventories in the middle of a sale.</summary>
internal static class Sales
{
    /// <param name="capacity">Tickets in all.</param>
    /// <param name="sold">Bookings of one ticket each.</param>
    /// <param name="waiting">People who wait for one ticket each.</param>
    public static EventInventory With(int capacity, int sold, int waiting = 0)
    {
        var details = new EventDetails(
            "A concert", null, "A hall", null, MadeCommits.Now.AddDays(30), 10m, "USD", null, null);
        var bookings = Enumerable.Range(0, sold).Select(_ => new StoredBooking(Guid.NewGuid(), Guid.NewGuid(), 1));
        var entries = Enumerable.Range(1, waiting)
            .Select(place => new StoredWaitlistEntry(Guid.NewGuid(), Guid.NewGuid(), 1, place, ExpiresAt: null));
        return EventInventory.Restore(
            new(details, EventStatus.Active, capacity, 1, false, 1, new(capacity - sold, sold, 0, waiting), sold > 0,
                [.. bookings], [.. entries], waiting),
            TimeSpan.FromMinutes(15));
    }
}
