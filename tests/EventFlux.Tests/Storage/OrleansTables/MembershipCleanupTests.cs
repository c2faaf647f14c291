using System.Net;
using Npgsql;
using NpgsqlTypes;

namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>What clean-up may take, and the list of gateways, which must not name what it took.</summary>
public sealed class MembershipCleanupTests(OrleansDatabase database) : MembershipTestBase(database),
    IClassFixture<OrleansDatabase>
{
    private static readonly SiloAddress Voter = SiloAddress.New(IPAddress.Loopback, 9, 9);
    private static readonly DateTimeOffset Cutoff = new(Start.AddDays(1));

    [Fact]
    public async Task Cleanup_EveryStatusLongSilent_TakesOnlyTheDead()
    {
        foreach (var status in Enum.GetValues<SiloStatus>())
            Assert.True(await InsertAsync(NewEntry((int)status + 1, status)));

        await Membership.CleanupDefunctSiloEntriesAsync(Cutoff, Cancellation);

        var all = await Membership.ReadAllAsync(Cancellation);
        Assert.DoesNotContain(SiloStatus.Dead, all.Members.Select(m => m.Item1.Status));
        Assert.Equal(Enum.GetValues<SiloStatus>().Length - 1, all.Members.Count);
        Assert.Equal(Enum.GetValues<SiloStatus>().Length, all.Version.Version);
    }

    [Fact]
    public async Task Cleanup_DeadWithVotes_TakesItOnceTheVotesAreOldToo()
    {
        await InsertDeadAsync(1, vote: Start);
        await InsertDeadAsync(2, vote: Cutoff.UtcDateTime.AddHours(1));

        await Membership.CleanupDefunctSiloEntriesAsync(Cutoff, Cancellation);

        var left = Assert.Single((await Membership.ReadAllAsync(Cancellation)).Members).Item1;
        Assert.Equal(NewEntry(2).SiloAddress, left.SiloAddress);
    }

    [Theory]
    [InlineData("''")]
    [InlineData("null")]
    public async Task Cleanup_NoVotesHoweverStored_TakesTheRow(string stored)
    {
        Assert.True(await InsertAsync(NewEntry(1, SiloStatus.Dead)));
        await SetSuspectTimesAsync(stored);

        await Membership.CleanupDefunctSiloEntriesAsync(Cutoff, Cancellation);

        Assert.Empty((await Membership.ReadAllAsync(Cancellation)).Members);
    }

    [Theory]
    [InlineData("null", "", 1)]
    [InlineData("''", null, 1)]
    [InlineData("null", null, 1)]
    [InlineData("'a vote'", "a vote", 1)]
    [InlineData("'a vote'", null, 0)]
    [InlineData("null", "a vote", 0)]
    public async Task CleanupEntry_Votes_TakesTheRowOnlyIfTheyAreUnchanged(string stored, string? captured, int taken)
    {
        Assert.True(await InsertAsync(NewEntry(1, SiloStatus.Dead)));
        await SetSuspectTimesAsync(stored);

        Assert.Equal(taken, await CleanupEntryAsync(captured, Start, Start));
    }

    [Theory]
    [InlineData(SiloStatus.Dead, 0, 0, 1)]
    [InlineData(SiloStatus.Dead, 1, 0, 0)]
    [InlineData(SiloStatus.Dead, 0, 1, 0)]
    [InlineData(SiloStatus.Active, 0, 0, 0)]
    [InlineData(SiloStatus.Stopping, 0, 0, 0)]
    public async Task CleanupEntry_TouchedSinceOrNotDead_Stays(SiloStatus status, int startOff, int aliveOff, int taken)
    {
        Assert.True(await InsertAsync(NewEntry(1, status)));

        Assert.Equal(taken, await CleanupEntryAsync(null, Start.AddSeconds(startOff), Start.AddSeconds(aliveOff)));
    }

    [Fact]
    public async Task CleanupEntry_NeighboursAlike_TakesThatRowOnly()
    {
        Assert.True(await InsertAsync(NewEntry(1, SiloStatus.Dead)));
        foreach (var neighbour in NeighboursOfFirst(SiloStatus.Dead))
            Assert.True(await InsertAsync(neighbour));

        Assert.Equal(1, await CleanupEntryAsync(null, Start, Start));

        Assert.Empty((await Membership.ReadRowAsync(NewEntry(1).SiloAddress, Cancellation)).Members);
    }

    [Fact]
    public async Task CleanupEntries_ByCutoffOnly_TakesTheOldDeadWithoutVotes()
    {
        await InsertDeadAsync(1, vote: null);
        await InsertDeadAsync(2, vote: Start);
        Assert.True(await InsertAsync(NewEntry(3, SiloStatus.Joining)));
        var startedLate = NewEntry(4, SiloStatus.Dead);
        startedLate.StartTime = Cutoff.UtcDateTime.AddHours(1);
        Assert.True(await InsertAsync(startedLate));
        var silentLate = NewEntry(5, SiloStatus.Dead);
        silentLate.IAmAliveTime = Cutoff.UtcDateTime.AddHours(1);
        Assert.True(await InsertAsync(silentLate));

        var taken = await Database.RunStoredQueryAsync(
            "CleanupDefunctSiloEntriesKey",
            Text("DeploymentId", Providers.Id),
            Time("IAmAliveTime", Cutoff.UtcDateTime));

        Assert.Equal(1, taken);
        var left = (await Membership.ReadAllAsync(Cancellation)).Members.Select(m => m.Item1.SiloAddress.Generation);
        Assert.Equal([2, 3, 4, 5], left.Order());
    }

    [Fact]
    public async Task Gateways_MixedSilos_AreTheActiveOnesWithAPort()
    {
        Assert.True(await InsertAsync(NewEntry(1)));
        Assert.True(await InsertAsync(NewEntry(2, SiloStatus.Joining)));
        Assert.True(await InsertAsync(NewEntry(3, SiloStatus.Dead)));
        var withoutGateway = NewEntry(4);
        withoutGateway.ProxyPort = 0;
        Assert.True(await InsertAsync(withoutGateway));

        var gateway = Assert.Single(await Providers.Gateways.GetGateways());

        Assert.Equal((NewEntry(1).ProxyPort, "127.0.0.1"), (gateway.Port, gateway.Host));
    }

    private async Task InsertDeadAsync(int number, DateTime? vote)
    {
        Assert.True(await InsertAsync(NewEntry(number)));
        var entry = NewEntry(number, SiloStatus.Dead);
        if (vote is { } time)
            entry.AddSuspector(Voter, time);
        Assert.True(await UpdateAsync(entry));
    }

    private Task<string?> SetSuspectTimesAsync(string literal) => Database.ScalarAsync<string>(
        $"update orleans_silos set suspecttimes = {literal} where deploymentid = @id", ("id", Providers.Id));

    private Task<int> CleanupEntryAsync(string? suspectTimes, DateTime startTime, DateTime iAmAliveTime)
    {
        var address = NewEntry(1).SiloAddress;
        return Database.RunStoredQueryAsync(
            "CleanupDefunctSiloEntryKey",
            Text("DeploymentId", Providers.Id),
            Text("Address", address.Endpoint.Address.ToString()),
            new NpgsqlParameter<int>("Port", address.Endpoint.Port),
            new NpgsqlParameter<int>("Generation", address.Generation),
            Text("SuspectTimes", suspectTimes),
            Time("StartTime", startTime),
            Time("IAmAliveTime", iAmAliveTime));
    }

    private static NpgsqlParameter Text(string name, string? value) =>
        new(name, NpgsqlDbType.Text) { Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Time(string name, DateTime value) =>
        new(name, NpgsqlDbType.TimestampTz) { Value = value };
}
