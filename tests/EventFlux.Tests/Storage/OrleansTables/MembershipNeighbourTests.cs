namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>
/// A silo is its cluster, address, port and generation, all four. Here it lives beside four others, each different in
/// one of them only, and whatever happens to it leaves those alone.
/// </summary>
public sealed class MembershipNeighbourTests(OrleansDatabase database) : MembershipTestBase(database),
    IClassFixture<OrleansDatabase>
{
    private static readonly DateTime Later = Start.AddMinutes(1);

    [Fact]
    public async Task UpdateIAmAlive_WithNeighbours_TouchesOneRow()
    {
        await using var otherCluster = await InsertNeighboursAsync();
        var silo = NewEntry(1);
        silo.IAmAliveTime = Later;

        await Membership.UpdateIAmAliveAsync(silo, Cancellation);

        await AssertOnlyAsync(silo.SiloAddress, otherCluster, e => e.IAmAliveTime == Later);
    }

    [Fact]
    public async Task UpdateRow_WithNeighbours_TouchesOneRow()
    {
        await using var otherCluster = await InsertNeighboursAsync();
        var silo = NewEntry(1, SiloStatus.ShuttingDown);

        Assert.True(await UpdateAsync(silo));

        await AssertOnlyAsync(silo.SiloAddress, otherCluster, e => e.Status == SiloStatus.ShuttingDown);
    }

    [Fact]
    public async Task ReadRow_WithNeighbours_AnswersOne()
    {
        await using var otherCluster = await InsertNeighboursAsync();

        var row = await Membership.ReadRowAsync(NewEntry(1).SiloAddress, Cancellation);

        Assert.Equal(NewEntry(1).SiloAddress, Assert.Single(row.Members).Item1.SiloAddress);
    }

    [Fact]
    public async Task DeleteAll_WithNeighbours_LeavesTheOtherCluster()
    {
        await using var otherCluster = await InsertNeighboursAsync();

        await Membership.DeleteMembershipTableEntriesAsync(Providers.Id, Cancellation);

        Assert.Equal("[null, null]", await SnapshotAsync());
        var other = await otherCluster.Membership.ReadAllAsync(Cancellation);
        Assert.Equal(1, other.Version.Version);
        Assert.Single(other.Members);
    }

    private async Task<OrleansProviders> InsertNeighboursAsync()
    {
        Assert.True(await InsertAsync(NewEntry(1)));
        foreach (var neighbour in NeighboursOfFirst())
            Assert.True(await InsertAsync(neighbour));
        var otherCluster = await Database.StartProvidersAsync();
        var version = (await otherCluster.Membership.ReadAllAsync(Cancellation)).Version;
        Assert.True(await otherCluster.Membership.InsertRowAsync(NewEntry(1), version.Next(), Cancellation));
        return otherCluster;
    }

    private async Task AssertOnlyAsync(
        SiloAddress silo, OrleansProviders otherCluster, Predicate<MembershipEntry> changed)
    {
        var members = (await Membership.ReadAllAsync(Cancellation)).Members.Select(m => m.Item1).ToArray();
        Assert.Equal(4, members.Length);
        Assert.Equal(silo, Assert.Single(members, changed).SiloAddress);
        var others = (await otherCluster.Membership.ReadAllAsync(Cancellation)).Members;
        Assert.DoesNotContain(others, m => changed(m.Item1));
    }
}
