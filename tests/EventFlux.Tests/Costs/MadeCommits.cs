using EventFlux.Contracts;
using EventFlux.Contracts.Events;
using EventFlux.Grains.Bookings;
using EventFlux.Grains.Events;

namespace EventFlux.Tests.Costs;

/// <summary>An event that is sold commit by commit, as its grain would do it; each booking is a new user's. For one
/// thread.</summary>
internal sealed class MadeCommits
{
    /// <summary>Fixed, so that no batch falls on two days.</summary>
    public static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Guid _eventId = Guid.CreateVersion7(Now);
    private readonly EventInventory _inventory = new(TimeSpan.FromMinutes(15));
    private long _version;

    /// <summary>Creates the event.</summary>
    public EventCommit Creation()
    {
        var details = new EventDetails("A concert", null, "A hall", null, Now.AddDays(30), 10m, "USD", null, null);
        var facts = new List<EventFact>();
        _inventory.Create(new(details, 1_000_000, EventStatus.Active, Guid.NewGuid(), "Creator"), Now, facts);
        return Seal(facts);
    }

    /// <param name="withKeys">Whether each booking came with an <c>Idempotency-Key</c>.</param>
    public EventCommit Bookings(int count, bool withKeys = false)
    {
        var facts = new List<EventFact>(count);
        for (var i = 0; i < count; i++)
        {
            var claim = withKeys ? new IdempotencyClaim($"{Guid.NewGuid()}", new byte[32]) : null;
            _inventory.Book(
                new(Guid.NewGuid(), 1, claim), Guid.CreateVersion7(Now), BookingReference.Create(), Now, facts);
        }

        return Seal(facts);
    }

    private EventCommit Seal(List<EventFact> facts)
    {
        var state = new EventState(
            _inventory.Details, _inventory.Status, _inventory.Capacity, _inventory.DetailsVersion, _inventory.Counts);
        return new(_eventId, _version++, state, facts);
    }
}
