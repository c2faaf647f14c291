using EventFlux.Silo.Observability;
using Microsoft.Extensions.Time.Testing;

namespace EventFlux.Tests.Observability;

public sealed class RequestFiguresTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Figures_ForgetWhatIsOlderThanTheWindow()
    {
        var figures = new RequestFigures(_time);
        for (var second = 0; second < 3 * (int)RequestFigures.Window.TotalSeconds; second++)
        {
            figures.Record(TimeSpan.FromMilliseconds(10), failed: second % 10 == 0);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        // The slice that has just begun is empty.
        var health = SiloFigures.RequestsOf([figures.Read()]);
        Assert.Equal((290, 29, 10m), (health.Count, health.Failed, health.ErrorRate));
        Assert.InRange(health.P99Ms!.Value, 9.6m, 10.4m);

        _time.Advance(RequestFigures.Window);
        Assert.Equal(
            new RequestHealth(300, 0, 0, 0m, 0, null, null, null), SiloFigures.RequestsOf([figures.Read()]));
    }

    [Fact]
    public async Task Figures_RecordedByMany_LoseNothing()
    {
        const int Threads = 8, Each = 20_000;
        var figures = new RequestFigures(_time);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                figures.Record(TimeSpan.FromMilliseconds(1 + thread), failed: i % 2 == 0);
                // Slices change under them, too.
                if (thread == 0 && i % 1_000 == 0) _time.Advance(TimeSpan.FromSeconds(10));
            }
        })));

        var health = SiloFigures.RequestsOf([figures.Read()]);
        Assert.Equal((Threads * Each, Threads * Each / 2), (health.Count, health.Failed));
    }

    [Fact]
    public void Silos_Together_HaveTheQuantilesOfAllRequests()
    {
        var (quick, slow) = (new RequestFigures(_time), new RequestFigures(_time));
        for (var i = 0; i < 90; i++) quick.Record(TimeSpan.FromMilliseconds(2), failed: false);
        for (var i = 0; i < 10; i++) slow.Record(TimeSpan.FromMilliseconds(500), failed: true);

        var health = SiloFigures.RequestsOf([quick.Read(), slow.Read()]);

        Assert.Equal((100, 10m), (health.Count, health.ErrorRate));
        Assert.InRange(health.P50Ms!.Value, 1.92m, 2.08m);
        Assert.InRange(health.P95Ms!.Value, 480m, 520m);
    }

    [Fact]
    public void TryEnter_PastTheLimit_TakesNoPlace()
    {
        var figures = new RequestFigures(_time);

        Assert.True(figures.TryEnter(1));
        Assert.False(figures.TryEnter(1));
        Assert.Equal(1, figures.UnderWay);
        figures.Leave();
        Assert.True(figures.TryEnter(1));
    }
}
