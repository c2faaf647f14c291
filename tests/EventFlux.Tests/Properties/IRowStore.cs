using EventFlux.Grains.Events;

namespace EventFlux.Tests.Properties;

/// <summary>Where a random history's commits go, and where an activation reads: in memory, or PostgreSQL.</summary>
internal interface IRowStore
{
    void Commit(EventCommit commit);

    StoredEvent Load(Guid eventId);
}
