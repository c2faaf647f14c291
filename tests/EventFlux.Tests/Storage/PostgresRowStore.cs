using EventFlux.Grains.Events;
using EventFlux.Grains.Storage;
using EventFlux.Tests.Properties;

namespace EventFlux.Tests.Storage;

/// <summary>The real tables. Random histories are synchronous; blocking is fine on a test's thread. Those that share a
/// store share transactions.</summary>
internal sealed class PostgresRowStore(EventStore store) : IRowStore
{
    public void Commit(EventCommit commit) => store.CommitAsync(commit).GetAwaiter().GetResult();

    public StoredEvent Load(Guid eventId) =>
        store.LoadAsync(eventId, TestContext.Current.CancellationToken).GetAwaiter().GetResult()!;
}
