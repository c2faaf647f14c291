using EventFlux.Grains.Events;
using EventFlux.Grains.Storage;
using EventFlux.Tests.Properties;
using Npgsql;

namespace EventFlux.Tests.Storage;

/// <summary>The real tables. Random histories are synchronous; blocking is fine on a test's thread.</summary>
internal sealed class PostgresRowStore(NpgsqlDataSource database) : IRowStore
{
    private readonly EventStore _store = new(database, new Database(database));

    public void Commit(EventCommit commit) => _store.CommitAsync(commit).GetAwaiter().GetResult();

    public StoredEvent Load(Guid eventId) =>
        _store.LoadAsync(eventId, TestContext.Current.CancellationToken).GetAwaiter().GetResult()!;
}
