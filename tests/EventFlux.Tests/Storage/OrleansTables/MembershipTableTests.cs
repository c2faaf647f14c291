using System.Net;
using Npgsql;

namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>Membership, one caller at a time: what changes, and that a refused change leaves no trace.</summary>
public sealed class MembershipTableTests(OrleansDatabase database) : MembershipTestBase(database),
    IClassFixture<OrleansDatabase>
{
    [Fact]
    public async Task ReadAll_NoSilos_AnswersTheVersion()
    {
        var all = await Membership.ReadAllAsync(Cancellation);

        Assert.Equal(0, all.Version.Version);
        Assert.Empty(all.Members);
    }

    [Fact]
    public async Task ReadRow_UnknownSilo_AnswersTheVersion()
    {
        Assert.True(await InsertAsync(NewEntry(1)));

        var row = await Membership.ReadRowAsync(NewEntry(2).SiloAddress, Cancellation);

        Assert.Equal(1, row.Version.Version);
        Assert.Empty(row.Members);
    }

    [Fact]
    public async Task Initialize_Again_KeepsVersionAndSilos()
    {
        Assert.True(await InsertAsync(NewEntry(1)));
        var before = await SnapshotAsync();

        await Membership.InitializeMembershipTableAsync(true, Cancellation);

        Assert.Equal(before, await SnapshotAsync());
    }

    [Fact]
    public async Task InsertRow_CurrentVersion_StoresEveryColumnAndMovesTheVersion()
    {
        var entry = NewEntry(1);

        Assert.True(await InsertAsync(entry));

        var all = await Membership.ReadRowAsync(entry.SiloAddress, Cancellation);
        var stored = Assert.Single(all.Members).Item1;
        Assert.Equal(1, all.Version.Version);
        Assert.Equal(entry.SiloAddress, stored.SiloAddress);
        Assert.Equal((entry.SiloName, entry.HostName), (stored.SiloName, stored.HostName));
        Assert.Equal((entry.Status, entry.ProxyPort), (stored.Status, stored.ProxyPort));
        Assert.Equal((entry.StartTime, entry.IAmAliveTime), (stored.StartTime, stored.IAmAliveTime));
        Assert.Equal(DateTimeKind.Utc, stored.StartTime.Kind);
        Assert.Null(stored.SuspectTimes);
    }

    [Fact]
    public async Task InsertRow_StaleVersion_ChangesNothing()
    {
        var stale = (await Membership.ReadAllAsync(Cancellation)).Version;
        Assert.True(await InsertAsync(NewEntry(1)));
        var before = await SnapshotAsync();

        Assert.False(await Membership.InsertRowAsync(NewEntry(2), stale.Next(), Cancellation));

        Assert.Equal(before, await SnapshotAsync());
    }

    [Fact]
    public async Task InsertRow_SiloExists_ChangesNothing()
    {
        Assert.True(await InsertAsync(NewEntry(1)));
        var before = await SnapshotAsync();

        Assert.False(await InsertAsync(NewEntry(1, SiloStatus.Joining)));

        Assert.Equal(before, await SnapshotAsync());
    }

    [Fact]
    public async Task InsertRow_SameEndpointNextGeneration_IsANewSilo()
    {
        var first = NewEntry(1);
        var second = NewEntry(1);
        second.SiloAddress = SiloAddress.New(first.SiloAddress.Endpoint, first.SiloAddress.Generation + 1);

        Assert.True(await InsertAsync(first));
        Assert.True(await InsertAsync(second));

        var row = await Membership.ReadRowAsync(second.SiloAddress, Cancellation);
        Assert.Equal(second.SiloAddress, Assert.Single(row.Members).Item1.SiloAddress);
        Assert.Equal(2, (await Membership.ReadAllAsync(Cancellation)).Members.Count);
    }

    [Fact]
    public async Task InsertRow_HostNameMissing_ThrowsAndChangesNothing()
    {
        var before = await SnapshotAsync();
        var entry = NewEntry(1);
        entry.HostName = null!;

        await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(entry));

        Assert.Equal(before, await SnapshotAsync());
    }

    [Fact]
    public async Task InsertRow_VersionIsTheLastOne_ChangesNothing()
    {
        await SetVersionAsync(int.MaxValue);
        var before = await SnapshotAsync();
        var last = new TableVersion(int.MaxValue, $"{int.MaxValue}");

        Assert.False(await Membership.InsertRowAsync(NewEntry(1), last, Cancellation));

        Assert.Equal(before, await SnapshotAsync());
    }

    [Fact]
    public async Task UpdateRow_CurrentVersion_StoresStatusVotesAndTimeEvenBackwards()
    {
        var entry = NewEntry(1);
        Assert.True(await InsertAsync(entry));
        entry.Status = SiloStatus.Dead;
        entry.IAmAliveTime = entry.IAmAliveTime.AddHours(-1);
        entry.AddSuspector(SiloAddress.New(IPAddress.Loopback, 9, 9), Start.AddSeconds(5));

        Assert.True(await UpdateAsync(entry));

        var all = await Membership.ReadAllAsync(Cancellation);
        var stored = Assert.Single(all.Members).Item1;
        Assert.Equal(2, all.Version.Version);
        Assert.Equal((SiloStatus.Dead, entry.IAmAliveTime), (stored.Status, stored.IAmAliveTime));
        Assert.Equal(entry.SuspectTimes, stored.SuspectTimes);
    }

    [Fact]
    public async Task UpdateRow_StaleVersion_ChangesNothing()
    {
        var entry = NewEntry(1);
        Assert.True(await InsertAsync(entry));
        var stale = (await Membership.ReadAllAsync(Cancellation)).Version;
        Assert.True(await InsertAsync(NewEntry(2)));
        var before = await SnapshotAsync();
        entry.Status = SiloStatus.Dead;

        Assert.False(await Membership.UpdateRowAsync(entry, stale.VersionEtag, stale.Next(), Cancellation));

        Assert.Equal(before, await SnapshotAsync());
    }

    [Fact]
    public async Task UpdateRow_SiloMissing_ChangesNothing()
    {
        Assert.True(await InsertAsync(NewEntry(1)));
        var before = await SnapshotAsync();

        Assert.False(await UpdateAsync(NewEntry(2)));

        Assert.Equal(before, await SnapshotAsync());
    }

    [Fact]
    public async Task UpdateIAmAlive_KnownSilo_MovesTheTimeAndNotTheVersion()
    {
        var entry = NewEntry(1);
        Assert.True(await InsertAsync(entry));
        entry.IAmAliveTime = entry.IAmAliveTime.AddMinutes(1);
        entry.Status = SiloStatus.Dead;

        await Membership.UpdateIAmAliveAsync(entry, Cancellation);

        var all = await Membership.ReadAllAsync(Cancellation);
        var stored = Assert.Single(all.Members).Item1;
        Assert.Equal(1, all.Version.Version);
        Assert.Equal((entry.IAmAliveTime, SiloStatus.Active), (stored.IAmAliveTime, stored.Status));
    }

    [Fact]
    public async Task UpdateIAmAlive_UnknownSilo_ChangesNothing()
    {
        Assert.True(await InsertAsync(NewEntry(1)));
        var before = await SnapshotAsync();

        await Membership.UpdateIAmAliveAsync(NewEntry(2), Cancellation);

        Assert.Equal(before, await SnapshotAsync());
    }
}
