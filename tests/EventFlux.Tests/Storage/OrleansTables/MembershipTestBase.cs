using System.Net;

namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>A cluster of its own for each test, and what several membership tests say in one word.</summary>
public abstract class MembershipTestBase(OrleansDatabase database) : IAsyncLifetime
{
    /// <summary>Whole microseconds, so PostgreSQL gives back what it was given.</summary>
    protected static readonly DateTime Start = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private OrleansProviders? _providers;

    protected OrleansDatabase Database => database;

    protected OrleansProviders Providers => _providers ?? throw new InvalidOperationException("Not initialized.");

    protected IMembershipTable Membership => Providers.Membership;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _providers = await database.StartProvidersAsync();

    public async ValueTask DisposeAsync()
    {
        if (_providers is not null)
            await _providers.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The silo number <paramref name="number"/>: the same number is the same silo.</summary>
    protected static MembershipEntry NewEntry(int number, SiloStatus status = SiloStatus.Active) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 11_000 + number, number),
        SiloName = $"silo-{number}",
        HostName = "host",
        Status = status,
        ProxyPort = 30_000 + number,
        StartTime = Start,
        IAmAliveTime = Start,
    };

    /// <summary>Silo 1 three times more, with another address, another port and another generation.</summary>
    protected static MembershipEntry[] NeighboursOfFirst(SiloStatus status = SiloStatus.Active)
    {
        var silo = NewEntry(1).SiloAddress;
        var (address, port) = (silo.Endpoint.Address, silo.Endpoint.Port);
        SiloAddress[] addresses =
        [
            SiloAddress.New(IPAddress.Parse("127.0.0.2"), port, silo.Generation),
            SiloAddress.New(address, port + 1, silo.Generation),
            SiloAddress.New(address, port, silo.Generation + 1),
        ];
        return [.. addresses.Select(a =>
        {
            var entry = NewEntry(1, status);
            entry.SiloAddress = a;
            return entry;
        })];
    }

    /// <summary>Inserts against the version of this moment, as a silo does.</summary>
    protected async Task<bool> InsertAsync(MembershipEntry entry)
    {
        var version = (await Membership.ReadAllAsync(Cancellation)).Version;
        return await Membership.InsertRowAsync(entry, version.Next(), Cancellation);
    }

    /// <summary>Updates against the version of this moment, as a silo does.</summary>
    protected async Task<bool> UpdateAsync(MembershipEntry entry)
    {
        var version = (await Membership.ReadAllAsync(Cancellation)).Version;
        return await Membership.UpdateRowAsync(entry, version.VersionEtag, version.Next(), Cancellation);
    }

    /// <summary>Every column of this cluster's rows, to see that a call changed nothing at all.</summary>
    protected async Task<string> SnapshotAsync() =>
        await database.ScalarAsync<string>(
            """
            select jsonb_build_array(
              (select jsonb_agg(c) from orleans_clusters c where deploymentid = @id),
              (select jsonb_agg(s order by address, port, generation) from orleans_silos s where deploymentid = @id)
            )::text
            """,
            ("id", Providers.Id)) ?? throw new InvalidOperationException("No snapshot.");

    protected Task SetVersionAsync(int version) => database.ScalarAsync<int>(
        "update orleans_clusters set version = @version where deploymentid = @id",
        ("version", version),
        ("id", Providers.Id));
}
