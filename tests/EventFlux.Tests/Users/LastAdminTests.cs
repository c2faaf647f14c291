using EventFlux.Contracts.Users;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Users;

/// <summary>There is always an admin, whoever is demoted where and when.</summary>
public sealed class LastAdminTests(PostgresServer postgres) : UserClusterTest(postgres)
{
    [Fact]
    public async Task SetRole_OfTheOnlyAdmin_IsRefusedAndChangesNothing()
    {
        var admin = await AdminAsync("ada@example.com");

        var result = await Cluster.User(admin).SetRoleAsync(UserRole.User, null, Cancellation);

        Assert.Equal(new(SetRoleOutcome.LastAdmin), result);
        var profile = await Cluster.User(admin).GetProfileAsync();
        Assert.Equal((UserRole.Admin, 2), (profile!.Role, profile.CredentialVersion));
        Assert.Equal(0, await Database.ScalarAsync<long>(
            "SELECT count(*) FROM audit_log WHERE changes #>> '{role,old}' = 'admin'"));
        // A word to the wise: the way out is open.
        await AdminAsync("ben@example.com");
        Assert.Equal(
            SetRoleOutcome.Set, (await Cluster.User(admin).SetRoleAsync(UserRole.User, null, Cancellation)).Outcome);
    }

    [Fact]
    public async Task SetRole_OfBothAdminsAtOnceOnTwoClusters_OneStays()
    {
        await using var other = await UserCluster.StartAsync(Database);
        var (ada, ben) = (await AdminAsync("ada@example.com"), await AdminAsync("ben@example.com"));
        for (var round = 0; round < 10; round++)
        {
            var results = await Task.WhenAll(
                Cluster.User(ada).SetRoleAsync(UserRole.User, null, Cancellation),
                other.User(ben).SetRoleAsync(UserRole.User, null, Cancellation));

            Assert.Equal(
                [SetRoleOutcome.Set, SetRoleOutcome.LastAdmin], results.Select(result => result.Outcome).Order());
            Assert.Equal(1, await Database.ScalarAsync<long>("SELECT count(*) FROM users WHERE role = 'admin'"));
            await Cluster.User(ada).SetRoleAsync(UserRole.Admin, null, Cancellation);
            await other.User(ben).SetRoleAsync(UserRole.Admin, null, Cancellation);
        }
    }

    [Fact]
    public async Task Demotion_BesideAnotherThatIsNotCommitted_WaitsAndIsRefused()
    {
        var (ada, ben) = (await AdminAsync("ada@example.com"), await AdminAsync("ben@example.com"));
        await using var first = await Database.DataSource.OpenConnectionAsync(Cancellation);
        await using var transaction = await first.BeginTransactionAsync(Cancellation);
        await DemoteAsync(first, ada);
        await using var second = await Database.DataSource.OpenConnectionAsync(Cancellation);
        var waiting = DemoteAsync(second, ben);
        await Wait.UntilAsync(
            async () => await Database.ScalarAsync<long>(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == 1,
            TimeSpan.FromSeconds(10), () => "The second demotion waits for nobody.");

        await transaction.CommitAsync(Cancellation);

        Assert.Equal("EF004", (await Assert.ThrowsAsync<PostgresException>(() => waiting)).SqlState);
    }

    private static async Task DemoteAsync(NpgsqlConnection connection, Guid id)
    {
        await using var command = new NpgsqlCommand("UPDATE users SET role = 'user' WHERE id = $1", connection);
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<Guid> AdminAsync(string email)
    {
        var id = Guid.NewGuid();
        await Cluster.User(id).RegisterAsync(new(email, "correct horse", "Ada", "Byron"), Cancellation);
        await Cluster.User(id).SetRoleAsync(UserRole.Admin, null, Cancellation);
        return id;
    }
}
