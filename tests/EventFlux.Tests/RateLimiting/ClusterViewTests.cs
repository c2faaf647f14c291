using System.Net;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Silo.RateLimiting;

namespace EventFlux.Tests.RateLimiting;

public sealed class ClusterViewTests
{
    private const long Now = 1_900_000_000_000;
    private static readonly long Settled = Now + (long)ClusterView.Settling.TotalMilliseconds;
    private static readonly SiloAddress[] Silos = [.. Enumerable.Range(1, 5).Select(Silo)];

    [Fact]
    public void OwnShare_BeforeAnythingIsKnown_IsNone() =>
        Assert.Equal(0, ClusterView.Unknown(Silos[0]).OwnShare(100, Now));

    [Fact]
    public void OwnShare_OfTheFirstSilo_IsTheWholeLimitOfTheRunningWindow() =>
        Assert.Equal(100, ClusterView.Unknown(Silos[0]).Seeing([Silos[0]], Now).OwnShare(100, Now - 60_000));

    [Fact]
    public void OwnShare_OfASiloThatJoins_BeginsWithTheFirstWindowAfterItIsKnown()
    {
        var view = ClusterView.Unknown(Silos[2]).Seeing(Silos[..3], Now);

        Assert.Equal(0, view.OwnShare(100, Now - 60_000));
        Assert.Equal(0, view.OwnShare(100, Settled - 1));
        Assert.Equal(33, view.OwnShare(100, Settled));
    }

    [Fact]
    public void OwnShare_AfterSilosCameAndWent_IsThatOfTheMostWithinTheWindow()
    {
        var view = ClusterView.Unknown(Silos[0]).Seeing([Silos[0]], Now)
            .Seeing(Silos[..4], Now + 10).Seeing(Silos[..2], Now + 20);

        Assert.Equal(25, view.OwnShare(100, Now));
        Assert.Equal(25, view.OwnShare(100, Now + 15));
        Assert.Equal(50, view.OwnShare(100, Now + 20));
    }

    [Fact]
    public void OwnerOf_IsTheSameForAllAndSpreadsTheKeys()
    {
        var views = Silos.Select(self => ClusterView.Unknown(self).Seeing(Silos.Reverse(), Now)).ToArray();

        var owners = Keys(1_000).Select(key => Assert.Single(
            views.Select(view => view.OwnerOf(key, _ => false)).Distinct()));

        Assert.All(owners.CountBy(owner => owner), owned => Assert.InRange(owned.Value, 130, 270));
    }

    [Fact]
    public void OwnerOf_WithoutASilo_MovesThatOnesKeysAlone()
    {
        var view = ClusterView.Unknown(Silos[0]).Seeing(Silos, Now);

        Assert.All(Keys(200), key =>
        {
            var before = view.OwnerOf(key, _ => false);
            var after = view.OwnerOf(key, silo => silo.Equals(Silos[3]));
            Assert.NotEqual(Silos[3], after);
            if (!before.Equals(Silos[3])) Assert.Equal(before, after);
        });
    }

    [Fact]
    public void OwnerOf_WithoutAnybody_IsTheSiloItself()
    {
        var view = ClusterView.Unknown(Silos[0]).Seeing(Silos, Now);

        Assert.All(Keys(50), key => Assert.Equal(Silos[0], view.OwnerOf(key, _ => true)));
    }

    private static IEnumerable<RateLimitKey> Keys(int count) =>
        Enumerable.Range(0, count).Select(number => new RateLimitKey(0, (ulong)number));

    private static SiloAddress Silo(int number) =>
        SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_000 + number), number);
}
