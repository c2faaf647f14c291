using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Faults;

/// <summary>A silo that stops in the middle of sending a commit, with the event's counters locked behind it.</summary>
public sealed class StalledCommitTests(PostgresServer server) : SiloGroupTest(server)
{
    /// <summary>Far below the time that a commit is given.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task OtherActivation_IsNotHeldUp_ByHalfACommit()
    {
        await using var proxy = new PostgresProxy(new NpgsqlConnectionStringBuilder(Database.ConnectionString).Port);
        await using var stalling = new SiloGroup(SiloGroup.Through(proxy.Port, Database.ConnectionString));
        // Two clusters, so that the second does not wait for the first to be given up.
        var (frozen, other) = (await stalling.StartAsync("one"), await Silos.StartAsync("two"));
        var concert = await Silos.CreateEventAsync(other, capacity: 10);
        (await stalling.User(frozen).BookAsync(concert)).Is(201);

        proxy.Arm(PostgresProxy.Fault.StallMidCommit);
        var stalled = stalling.User(frozen).BookAsync(concert);
        await Wait.UntilAsync(() => proxy.Faults == 1, Soon, () => "Nothing stalled.");
        var begun = TimeProvider.System.GetTimestamp();
        // This activation has not seen the other's booking yet: fenced, it reloads.
        await Wait.UntilAsync(
            async () => (await Silos.User(other).BookAsync(concert)).Status == 201, Soon, () => "It is held up.");

        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.Zero, Soon);
        (await stalled).IsRefusal(503, "SERVICE_UNAVAILABLE");
        Assert.Equal(2, await Database.ScalarAsync<int>("SELECT booked FROM event_inventory"));
    }
}
