using CsCheck;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Tests.Api;

namespace EventFlux.Tests.RateLimiting;

/// <summary>What all silos together let through.</summary>
public sealed class RateLimitsTests(ITestOutputHelper output)
{
    private static readonly RateLimitKey Key = new(1, 2);

    /// <summary>Bursts on silos of their choice, at once within a burst. Few, many, one silo, all: the sum is the
    /// limit, no more and no less.</summary>
    [Fact]
    public async Task CountAsync_AnyHistory_LetsExactlyTheLimitThrough()
    {
        var histories = Gen.Select(
            Gen.Int[1, 6], Gen.Int[1, 130], Gen.Bool, Gen.Int[0, 5].Array[1, 120].Array[1, 6]);
        await histories.SampleAsync(
            async history =>
            {
                var (silos, limit, isSettled, bursts) = history;
                var cluster = new LimitedCluster(silos, limit, isSettled);
                var allowed = 0;
                foreach (var burst in bursts)
                    allowed += await cluster.BurstAsync(burst.Select(number => cluster.Silos[number % silos]), Key);
                Assert.Equal(Math.Min(limit, bursts.Sum(burst => burst.Length)), allowed);
            },
            iter: 100);
    }

    [Theory]
    [InlineData(1, true, 0)]
    [InlineData(1, false, 0)]
    [InlineData(3, true, 45)]
    [InlineData(3, false, 45)]
    public async Task CountAsync_OnOneSilo_GetsTheWholeLimitForFewQuestions(int silos, bool isSettled, int questions)
    {
        var cluster = new LimitedCluster(silos, limit: 100, isSettled);
        var allowed = 0;
        for (var request = 0; request < 10_000; request++)
            allowed += (await cluster.CountAsync(cluster.Silos[^1], Key)).IsAllowed ? 1 : 0;

        Assert.Equal(100, allowed);
        output.WriteLine($"{silos} silos: {cluster.Questions} questions for 10,000 requests");
        Assert.InRange(cluster.Questions, 0, questions);
    }

    [Fact]
    public async Task CountAsync_ManyClientsWithinTheirShare_AsksNobody()
    {
        var cluster = new LimitedCluster(silos: 3, limit: 9, isSettled: true);

        for (var client = 0UL; client < 1_000; client++)
            for (var request = 0; request < 9; request++)
                Assert.True((await cluster.CountAsync(cluster.Silos[request % 3], new(3, client))).IsAllowed);

        Assert.Equal(0, cluster.Questions);
    }

    [Fact]
    public async Task CountAsync_AfterASiloJoined_CountsOn()
    {
        var cluster = new LimitedCluster(silos: 2, limit: 100, isSettled: true);
        var allowed = await cluster.BurstAsync(Enumerable.Repeat(cluster.Silos[0], 60), Key);

        var joined = cluster.Join();
        allowed += await cluster.BurstAsync(Enumerable.Range(0, 90).Select(n => cluster.Silos[n % 3]), Key);

        Assert.Equal(100, allowed);
        Assert.False((await cluster.CountAsync(joined, Key)).IsAllowed);
    }

    /// <summary>Before the others have noticed, and after: the limit may be missed by what the lost silo had not used,
    /// and exceeded by what only that one knew of.</summary>
    [Fact]
    public async Task CountAsync_AfterASiloWasLost_MissesTheLimitByItsShareAtMost()
    {
        foreach (var (lost, isNoticed) in from lost in Enumerable.Range(0, 3) from seen in new[] { true, false }
                                          select (lost, seen))
        {
            var cluster = new LimitedCluster(silos: 3, limit: 90, isSettled: true);
            var silos = cluster.Silos;
            var allowed = await cluster.BurstAsync(Enumerable.Range(0, 60).Select(n => silos[n % 3]), Key);

            cluster.Lose(silos[lost]);
            if (isNoticed) cluster.Notice();
            allowed += await cluster.BurstAsync(
                Enumerable.Range(0, 200).Select(n => cluster.Silos[n % 2]), Key);

            // 20 were admitted by each. Whoever is gone is forgotten, or its share of 30 taken as used.
            Assert.Equal(isNoticed ? 110 : 80, allowed);
        }
    }

    [Fact]
    public async Task CountAsync_WhenAllAreTold_StaysExhaustedAfterTheOwnerIsLost()
    {
        foreach (var lost in Enumerable.Range(0, 3))
        {
            var cluster = new LimitedCluster(silos: 3, limit: 90, isSettled: true);
            var silos = cluster.Silos;
            Assert.Equal(90, await cluster.BurstAsync(Enumerable.Range(0, 300).Select(n => silos[n % 3]), Key));

            cluster.Lose(silos[lost]);
            cluster.Notice();

            Assert.Equal(0, await cluster.BurstAsync(Enumerable.Range(0, 50).Select(n => cluster.Silos[n % 2]), Key));
        }
    }

    [Fact]
    public async Task CountAsync_WithNobodyElseLeft_GoesOnAlone()
    {
        var cluster = new LimitedCluster(silos: 3, limit: 90, isSettled: true);
        var (alone, others) = (cluster.Silos[0], cluster.Silos.Skip(1).ToArray());
        foreach (var other in others) cluster.Lose(other);

        Assert.Equal(30, await cluster.BurstAsync(Enumerable.Repeat(alone, 200), Key));
        Assert.True((await cluster.CountAsync(alone, new(9, 9))).IsAllowed);
    }

    /// <summary>It is done without when its time is up, and what it then grants after all is not lost.</summary>
    [Fact]
    public async Task CountAsync_WhenTheOwnerHangs_GoesOnWithoutAndMissesNothingLater()
    {
        var cluster = new LimitedCluster(silos: 2, limit: 100, isSettled: true);
        var (asker, owner) = (cluster.Silos[0], cluster.Silos[1]);
        var key = Enumerable.Range(0, 100).Select(number => new RateLimitKey(5, (ulong)number))
            .First(key => cluster.OwnerOf(key).Equals(owner));
        Assert.Equal(50, await cluster.BurstAsync(Enumerable.Repeat(asker, 50), key));

        cluster.Hold(owner);
        var next = cluster.CountAsync(asker, key).AsTask();
        await Waiting.ForAsync(
            () =>
            {
                cluster.Pass(TimeSpan.FromSeconds(2));
                return Task.FromResult(next.IsCompleted);
            },
            isOver => isOver);
        // The other's share of 50 counts as used.
        Assert.False((await next).IsAllowed);

        cluster.LetGo(owner);
        await Waiting.ForAsync(
            () => cluster.CountAsync(asker, key).AsTask(), decision => decision.IsAllowed);
    }

    [Fact]
    public async Task CountAsync_TellsWhatIsLeft()
    {
        var cluster = new LimitedCluster(silos: 1, limit: 2, isSettled: false);

        Assert.Equal(new(true, 2, 1, 900), await cluster.CountAsync(cluster.Silos[0], Key));
        Assert.Equal(new(true, 2, 0, 900), await cluster.CountAsync(cluster.Silos[0], Key));
        Assert.Equal(new(false, 2, 0, 900), await cluster.CountAsync(cluster.Silos[0], Key));
    }
}
