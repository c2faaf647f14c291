using EventFlux.Contracts;
using EventFlux.Contracts.Events;
using EventFlux.Grains.Events;

namespace EventFlux.Tests.Storage;

/// <summary>An event of ten tickets, as its grain would sell it.</summary>
internal sealed class SoldEvent
{
    public static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly EventInventory _inventory = new(TimeSpan.FromMinutes(15));
    private long _version;

    public Guid Id { get; } = Guid.CreateVersion7(Now);

    public EventCommit Create()
    {
        var details = new EventDetails("A concert", null, "A hall", null, Now.AddDays(9), 10m, "USD", null, null);
        return Seal(facts => _inventory.Create(
            new(details, 10, EventStatus.Active, Guid.NewGuid(), "Creator"), Now, facts));
    }

    public EventCommit Book(Guid? user = null, IdempotencyClaim? claim = null)
    {
        var id = Guid.CreateVersion7(Now);
        return Seal(facts => _inventory.Book(
            new(user ?? Guid.NewGuid(), 1, claim), id, $"EVT-{id}", Now, facts));
    }

    public EventCommit CallOff() => Seal(facts => _inventory.Update(
        new(new EventPatch { Status = EventStatus.Cancelled }, null, new(Guid.NewGuid())), Now, facts));

    private EventCommit Seal(Action<List<EventFact>> decide)
    {
        var facts = new List<EventFact>();
        decide(facts);
        return new(
            Id, _version++,
            new(_inventory.Details, _inventory.Status, _inventory.Capacity, _inventory.DetailsVersion,
                _inventory.Counts),
            facts);
    }
}
