using Npgsql;

namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>
/// Rivals on the membership table. Where the order matters, one of them is a transaction that the test holds open, so
/// the other is seen to wait and nothing depends on luck.
/// </summary>
public sealed class MembershipConcurrencyTests(OrleansDatabase database) : MembershipTestBase(database),
    IClassFixture<OrleansDatabase>
{
    private const string Cluster = "deploymentid = @id";

    [Fact]
    public async Task InsertRow_ManySilosSameVersion_ExactlyOneWins()
    {
        var version = (await Membership.ReadAllAsync(Cancellation)).Version.Next();

        var won = await Task.WhenAll(Enumerable.Range(1, 24)
            .Select(n => Membership.InsertRowAsync(NewEntry(n), version, Cancellation)));

        Assert.Single(won, w => w);
        var all = await Membership.ReadAllAsync(Cancellation);
        Assert.Equal(1, all.Version.Version);
        Assert.Single(all.Members);
    }

    [Fact]
    public async Task UpdateRow_ManyWritersSameVersion_ExactlyOneWins()
    {
        foreach (var n in Enumerable.Range(1, 12))
            Assert.True(await InsertAsync(NewEntry(n)));
        var version = (await Membership.ReadAllAsync(Cancellation)).Version;

        // Two for each silo: rivals meet on the silo's row and on the cluster's row.
        var won = await Task.WhenAll(Enumerable.Range(0, 24).Select(n => Membership.UpdateRowAsync(
            NewEntry((n % 12) + 1, SiloStatus.Dead), version.VersionEtag, version.Next(), Cancellation)));

        Assert.Single(won, w => w);
        var all = await Membership.ReadAllAsync(Cancellation);
        Assert.Equal(13, all.Version.Version);
        Assert.Single(all.Members, m => m.Item1.Status == SiloStatus.Dead);
    }

    [Fact]
    public async Task InsertRow_ManySilosThatRetry_AllJoinAndTheVersionCountsThem()
    {
        await Task.WhenAll(Enumerable.Range(1, 12).Select(async n =>
        {
            while (!await InsertAsync(NewEntry(n)))
                Cancellation.ThrowIfCancellationRequested();
        }));

        var all = await Membership.ReadAllAsync(Cancellation);
        Assert.Equal(12, all.Version.Version);
        Assert.Equal(12, all.Members.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task InsertRow_RivalMovesTheVersionMeanwhile_WinsOnlyIfTheRivalRollsBack(bool rivalCommits)
    {
        var version = (await Membership.ReadAllAsync(Cancellation)).Version.Next();
        await using var rival = await BeginAsync($"update orleans_clusters set version = version + 1 where {Cluster}");
        var insert = Membership.InsertRowAsync(NewEntry(1), version, Cancellation);
        await Database.WaitUntilBlockedAsync();

        await EndAsync(rival, rivalCommits);

        Assert.Equal(!rivalCommits, await insert);
        var all = await Membership.ReadAllAsync(Cancellation);
        Assert.Equal(1, all.Version.Version);
        Assert.Equal(rivalCommits ? 0 : 1, all.Members.Count);
    }

    [Fact]
    public async Task UpdateRow_HeartbeatOfThatSiloMeanwhile_Wins()
    {
        Assert.True(await InsertAsync(NewEntry(1)));
        await using var heartbeat = await BeginAsync(
            $"update orleans_silos set iamalivetime = iamalivetime + interval '1 minute' where {Cluster}");
        var update = UpdateAsync(NewEntry(1, SiloStatus.ShuttingDown));
        await Database.WaitUntilBlockedAsync();

        await EndAsync(heartbeat, commit: true);

        Assert.True(await update);
        var all = await Membership.ReadAllAsync(Cancellation);
        var stored = Assert.Single(all.Members).Item1;
        Assert.Equal(2, all.Version.Version);
        Assert.Equal((SiloStatus.ShuttingDown, Start), (stored.Status, stored.IAmAliveTime));
    }

    [Fact]
    public async Task UpdateRow_CleanupTakesTheSiloMeanwhile_ChangesNothing()
    {
        Assert.True(await InsertAsync(NewEntry(1)));
        await using var cleanup = await BeginAsync($"delete from orleans_silos where {Cluster}");
        var update = UpdateAsync(NewEntry(1, SiloStatus.Dead));
        await Database.WaitUntilBlockedAsync();

        await EndAsync(cleanup, commit: true);

        Assert.False(await update);
        var all = await Membership.ReadAllAsync(Cancellation);
        Assert.Equal(1, all.Version.Version);
        Assert.Empty(all.Members);
    }

    [Fact]
    public async Task DeleteAll_SiloJoinsMeanwhile_LeavesNothing()
    {
        Assert.True(await InsertAsync(NewEntry(1)));
        await using var joining = await BeginAsync(
            $"""
            update orleans_clusters set version = version + 1 where {Cluster};
            insert into orleans_silos
            select deploymentid, address, port, generation + 1, siloname, hostname, status, proxyport,
                   suspecttimes, starttime, iamalivetime
            from orleans_silos where {Cluster}
            """);
        var delete = Membership.DeleteMembershipTableEntriesAsync(Providers.Id, Cancellation);
        await Database.WaitUntilBlockedAsync();

        await EndAsync(joining, commit: true);

        await delete;
        Assert.Equal("[null, null]", await SnapshotAsync());
    }

    private async Task<NpgsqlConnection> BeginAsync(string sql)
    {
        var connection = await Database.DataSource.OpenConnectionAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = $"begin; {sql}";
        command.Parameters.AddWithValue("id", Providers.Id);
        await command.ExecuteNonQueryAsync(Cancellation);
        return connection;
    }

    private static async Task EndAsync(NpgsqlConnection connection, bool commit)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = commit ? "commit" : "rollback";
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
