using System.Collections.Concurrent;
using EventFlux.Tests.Api;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Faults;

/// <summary>A database that takes two seconds for what it did in two milliseconds.</summary>
[Collection(typeof(Alone))]
public sealed class SlowDatabaseTests(PostgresServer server, ITestOutputHelper output) : SiloGroupTest(server)
{
    private const int Buyers = 40;

    /// <summary>Longer than silos that can't write their heartbeats would live, were that what they go by.</summary>
    private static readonly TimeSpan Ordeal = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Silos_StayTogether_SellOn_AndAreFastAgainAtOnce()
    {
        await using var proxy = new PostgresProxy(new NpgsqlConnectionStringBuilder(Database.ConnectionString).Port);
        await using var silos = new SiloGroup(SiloGroup.Through(proxy.Port, Database.ConnectionString));
        SiloProcess[] both = [await silos.StartAsync(), await silos.StartAsync()];
        var concert = await silos.CreateEventAsync(both[0], capacity: 100_000);
        await BookAsync(silos, both, concert); // Every pool has its connections.

        proxy.Delay = TimeSpan.FromSeconds(2);
        var (begun, slow) = (TimeProvider.System.GetTimestamp(), new List<ApiAnswer>());
        while (TimeProvider.System.GetElapsedTime(begun) < Ordeal) slow.AddRange(await BookAsync(silos, both, concert));
        proxy.Delay = TimeSpan.Zero;

        output.WriteLine($"{slow.Count(answer => answer.Status == 201)} of {slow.Count} sold by a slow database");
        Assert.All(slow, answer => Assert.True(answer.Status is 201 or 503, $"{answer}"));
        Assert.True(
            slow.Count(answer => answer.Status == 201) > slow.Count / 2,
            $"It hardly sold.\n{both[0].Output}\n{both[1].Output}");
        Assert.All(both, silo => Assert.False(silo.HasExited));
        Assert.Equal(
            2, await Database.ScalarAsync<long>("SELECT count(*) FROM orleans_silos WHERE status = 3"));
        Assert.Equal(2, await Database.ScalarAsync<long>("SELECT count(*) FROM orleans_silos"));
        await Wait.UntilAsync(
            async () => (await BookAsync(silos, both, concert)).All(answer => answer.Status == 201),
            TimeSpan.FromSeconds(5), () => "It is not what it was.");
    }

    private static async Task<IReadOnlyCollection<ApiAnswer>> BookAsync(
        SiloGroup silos, SiloProcess[] both, Guid concert)
    {
        var answers = new ConcurrentBag<ApiAnswer>();
        await Task.WhenAll(Enumerable.Range(0, Buyers).Select(
            async number => answers.Add(await silos.User(both[number % 2]).BookAsync(concert))));
        return answers;
    }
}
