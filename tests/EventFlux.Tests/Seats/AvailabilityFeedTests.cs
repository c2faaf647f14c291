using System.Diagnostics;
using EventFlux.Contracts.Faults;
using EventFlux.Contracts.Seats;
using EventFlux.Silo.Seats;
using EventFlux.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventFlux.Tests.Seats;

/// <summary>What a silo's viewers cost the event, and what they see of it.</summary>
public sealed class AvailabilityFeedTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Viewers_HoweverMany_CostOneCallAtATimeAndAFewASecond()
    {
        var sale = new AskedSale(1000);
        using var feed = FeedOf(sale);
        var (id, began) = (Guid.NewGuid(), Stopwatch.GetTimestamp());
        var viewers = Enumerable.Range(0, 2000).Select(_ => feed.Follow(id)).ToArray();
        var last = 0L;
        for (var seat = 0; seat < 200; seat++)
        {
            sale.Set(seat, SeatState.Booked);
            last = sale.Version;
            await Task.Delay(5, Token);
        }

        var seen = await Task.WhenAll(viewers.Select(viewer => viewer.ReachAsync(last, Token)));

        Assert.All(seen, Assert.True);
        Assert.Equal((1, 1), (sale.MostAtOnce, feed.Events));
        var most = (Stopwatch.GetElapsedTime(began) / AvailabilityFeed.Pace) + 2;
        Assert.True(sale.Calls <= most, $"{sale.Calls} calls, at most {most}");
        Assert.Single(viewers.Select(viewer => viewer.Since(null)).Distinct(ReferenceEqualityComparer.Instance));
    }

    [Fact]
    public async Task SlowViewer_GetsOneUpdateOfAllThatHappened()
    {
        var sale = new AskedSale(1000);
        using var feed = FeedOf(sale);
        using var viewer = feed.Follow(Guid.NewGuid());
        await viewer.ReachAsync(1, Token);
        foreach (var state in (SeatState[])[SeatState.Held, SeatState.Available, SeatState.Held, SeatState.Booked])
        {
            sale.Set(7, state);
            await viewer.ReachAsync(sale.Version, Token);
        }

        var update = viewer.Since(1);

        Assert.Equal((1L, sale.Version), (update.Since, update.Version));
        Assert.Equal([new SeatChange(7, SeatState.Booked)], update.Changes);
        Assert.Equal([], viewer.Since(sale.Version).Changes);
        // Never here.
        Assert.Equal(1000, viewer.Since(0).States!.Length);
        Assert.Equal(1000, viewer.Since(sale.Version + 1).States!.Length);
    }

    [Fact]
    public async Task GeneralAdmission_HasCountsAlone()
    {
        var sale = new AskedSale(0);
        using var feed = FeedOf(sale);
        using var viewer = feed.Follow(Guid.NewGuid());
        sale.Set(0, SeatState.Booked);
        await viewer.ReachAsync(sale.Version, Token);

        Assert.Equal((0L, ""), (viewer.Since(null).PlanVersion, viewer.Since(null).States));
        Assert.Equal(sale.Version, viewer.Since(sale.Version).Since);
    }

    [Fact]
    public async Task CallsThatFail_AreRepeatedUntilTheEventIsBack()
    {
        var sale = new AskedSale(100) { Failures = 3 };
        using var feed = FeedOf(sale);
        using var viewer = feed.Follow(Guid.NewGuid());
        Assert.True(await viewer.ReachAsync(1, Token));

        sale.Failures = 2;
        sale.Set(3, SeatState.Held);

        Assert.True(await viewer.ReachAsync(sale.Version, Token));
        Assert.Equal([new SeatChange(3, SeatState.Held)], viewer.Since(1).Changes);
    }

    [Fact]
    public async Task Event_ThatIsGone_EndsItsViewersAndItsCalls()
    {
        var sale = new AskedSale(100);
        using var feed = FeedOf(sale);
        using var viewer = feed.Follow(Guid.NewGuid());
        await viewer.ReachAsync(1, Token);
        var next = viewer.Next;

        sale.IsGone = true;
        sale.Set(0, SeatState.Available);
        await next.WaitAsync(Patience, Token);

        Assert.True(viewer.IsGone);
        Assert.False(await viewer.ReachAsync(1, Token));
        Assert.Equal(0, feed.Events);
    }

    [Fact]
    public async Task Calls_EndSomeSecondsAfterTheLastViewerLeft()
    {
        var sale = new AskedSale(100);
        using var feed = FeedOf(sale);
        var (id, viewers) = (Guid.NewGuid(), new List<AvailabilityFollower>());
        for (var i = 0; i < 3; i++) viewers.Add(feed.Follow(id));
        foreach (var viewer in viewers)
        {
            Assert.Equal(1, feed.Events);
            viewer.Dispose();
            viewer.Dispose();
        }

        await Wait.UntilAsync(() => feed.Events == 0, Patience, () => $"{feed.Events} events");
        Assert.Equal(0, feed.Followers);
        var calls = sale.Calls;
        using var late = feed.Follow(id);
        Assert.True(await late.ReachAsync(1, Token));
        Assert.True(sale.Calls > calls);
    }

    [Fact]
    public void Events_AreBounded_AndThoseThatNobodyWatchesMakeRoom()
    {
        using var feed = FeedOf(new AskedSale(1));
        var viewers = Enumerable.Range(0, AvailabilityFeed.MaxEvents)
            .Select(_ => feed.Follow(Guid.NewGuid())).ToArray();
        Assert.Throws<ServiceUnavailableException>(() => feed.Follow(Guid.NewGuid()));

        viewers[5].Dispose();
        using var another = feed.Follow(Guid.NewGuid());

        Assert.Equal(AvailabilityFeed.MaxEvents, feed.Events);
        Assert.Equal(AvailabilityFeed.MaxEvents, feed.Followers);
    }

    [Fact]
    public void Viewers_AreBounded()
    {
        using var feed = FeedOf(new AskedSale(1));
        var id = Guid.NewGuid();
        for (var i = 0; i < AvailabilityFeed.MaxFollowers; i++) feed.Follow(id);

        Assert.Throws<ServiceUnavailableException>(() => feed.Follow(id));
    }

    private static AvailabilityFeed FeedOf(AskedSale sale) =>
        new(sale.WatchAsync, TimeProvider.System, NullLogger<AvailabilityFeed>.Instance);
}
