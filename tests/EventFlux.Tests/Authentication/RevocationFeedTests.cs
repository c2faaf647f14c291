using EventFlux.Contracts.Users;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Authentication;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventFlux.Tests.Authentication;

/// <summary>What reaches a silo of the changes that others made, and what happens while the database is away.</summary>
public sealed class RevocationFeedTests(PostgresServer postgres) : UserClusterTest(postgres)
{
    private static readonly TokenOptions Options = new(new byte[32], TimeSpan.FromHours(1));

    [Fact]
    public async Task Start_KnowsEarlierChanges_AndNotThoseThatNoTokenOutlives()
    {
        var (changed, untouched, longAgo) = (await RegisterAsync(1), await RegisterAsync(2), await RegisterAsync(3));
        await Cluster.User(changed).SetRoleAsync(UserRole.Admin, null, Cancellation);
        await Cluster.User(longAgo).SetRoleAsync(UserRole.Admin, null, Cancellation);
        await Database.ExecuteAsync(
            "UPDATE users SET credentials_changed_at = now() - $2::interval WHERE id = $1",
            longAgo, Options.MaximumAge + TimeSpan.FromMinutes(5));

        using var feed = CreateFeed(Database.DataSource, out var revocations);
        await feed.StartAsync(Cancellation);

        Assert.True(revocations.IsRevoked(changed, 1));
        Assert.False(revocations.IsRevoked(changed, 2));
        Assert.False(revocations.IsRevoked(untouched, 1));
        Assert.False(revocations.IsRevoked(longAgo, 1));
        Assert.True(feed.Age < TimeSpan.FromSeconds(30));
        await feed.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Change_OfPasswordOrRole_ArrivesWithinFiveSeconds()
    {
        var (first, second) = (await RegisterAsync(1), await RegisterAsync(2));
        using var feed = CreateFeed(Database.DataSource, out var revocations);
        await feed.StartAsync(Cancellation);

        await Cluster.User(first).ChangePasswordAsync("correct horse", "another horse", null, null, Cancellation);
        await Cluster.User(second).SetRoleAsync(UserRole.Admin, null, Cancellation);

        await EventuallyAsync(() => revocations.IsRevoked(first, 1) && revocations.IsRevoked(second, 1), 5);
        await feed.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Change_StampedBeforeAPollAndCommittedAfter_StillArrives()
    {
        var user = await RegisterAsync(1);
        await using var connection = await Database.DataSource.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var command = new NpgsqlCommand(
            "UPDATE users SET credential_version = 2, credentials_changed_at = clock_timestamp()", connection);
        await command.ExecuteNonQueryAsync(Cancellation);
        using var feed = CreateFeed(Database.DataSource, out var revocations);
        await feed.StartAsync(Cancellation);
        Assert.False(revocations.IsRevoked(user, 1));

        await transaction.CommitAsync(Cancellation);

        await EventuallyAsync(() => revocations.IsRevoked(user, 1), 5);
        await feed.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Outage_DelaysAndLosesNothing_AndTheAgeTells()
    {
        var user = await RegisterAsync(1);
        using var feed = CreateFeed(Database.DataSource, out var revocations);
        await feed.StartAsync(Cancellation);
        await Database.ExecuteAsync(
            "ALTER TABLE users RENAME COLUMN credentials_changed_at TO away");
        await EventuallyAsync(() => feed.Age > TimeSpan.FromSeconds(2.5), 20);

        await Database.ExecuteAsync("UPDATE users SET credential_version = 2, away = clock_timestamp()");
        await Database.ExecuteAsync(
            "ALTER TABLE users RENAME COLUMN away TO credentials_changed_at");

        await EventuallyAsync(() => revocations.IsRevoked(user, 1) && feed.Age < TimeSpan.FromSeconds(2.5), 10);
        await feed.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Start_WithoutDatabase_WaitsInsteadOfServingWithout()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=1");
        using var feed = CreateFeed(nowhere, out _);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        impatient.CancelAfter(TimeSpan.FromSeconds(3));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => feed.StartAsync(impatient.Token));

        Assert.Equal(TimeSpan.MaxValue, feed.Age);
    }

    private static RevocationFeed CreateFeed(NpgsqlDataSource source, out TokenRevocations revocations)
    {
        revocations = new(Options, TimeProvider.System);
        return new(
            new(new Database(source)), revocations, Options, TimeProvider.System, NullLogger<RevocationFeed>.Instance);
    }

    private static async Task EventuallyAsync(Func<bool> condition, double seconds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var tick = 0; !condition(); tick++)
        {
            Assert.True(tick < seconds * 20, "It has not come true in time.");
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    private async Task<Guid> RegisterAsync(int number)
    {
        var result = await Cluster.Accounts.RegisterAsync(Guid.NewGuid(), 
            new($"user-{number}@example.com", "correct horse", "Ada", "Byron"), null, Cancellation);
        return result.User!.Id;
    }
}
