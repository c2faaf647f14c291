using EventFlux.Grains.Storage;

namespace EventFlux.Tests.Analytics;

/// <summary>Many who ask share one read, and nobody gets what is older than a second.</summary>
public sealed class BriefAnswersTests
{
    private readonly Clock _clock = new();
    private readonly List<TaskCompletionSource<int>> _reads = [];
    private readonly BriefAnswers<string, int> _answers;

    public BriefAnswersTests() => _answers = new(
        _ =>
        {
            lock (_reads)
            {
                _reads.Add(new());
                return _reads[^1].Task;
            }
        },
        _clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AskedByManyWithinASecond_ReadsOnce()
    {
        var early = Enumerable.Range(0, 10).Select(_ => Ask()).ToArray();
        await FinishAsync(1, answer: 7);
        _clock.Ticks = TimeSpan.TicksPerSecond - 1;

        Assert.Equal(7, await Ask());
        Assert.All(await Task.WhenAll(early), answer => Assert.Equal(7, answer));
        Assert.Single(_reads);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // One that still runs began too long ago as well.
    public async Task AskedASecondLater_ReadsAgain(bool hasEnded)
    {
        var before = Ask();
        // Reads begin on threads of their own, in whatever order.
        await BegunAsync(1);
        if (hasEnded) await FinishAsync(1, answer: 7);
        _clock.Ticks = TimeSpan.TicksPerSecond;

        var after = Ask();
        await FinishAsync(2, answer: 8);
        Assert.Equal(8, await after);
        if (!hasEnded) await FinishAsync(1, answer: 7);
        Assert.Equal(7, await before);
    }

    [Fact]
    public async Task AnotherKey_IsAnotherAnswer()
    {
        var first = Ask();
        await FinishAsync(1, answer: 7);
        var other = Ask("other");
        await FinishAsync(2, answer: 8);

        Assert.Equal((7, 8), (await first, await other));
    }

    [Fact]
    public async Task CallerWhoLeaves_LeavesTheReadToTheOthers()
    {
        using var leaving = new CancellationTokenSource();
        var left = _answers.ReadAsync("", leaving.Token);
        var stays = Ask();

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await FinishAsync(1, answer: 7);
        Assert.Equal(7, await stays);
    }

    [Fact]
    public async Task Failure_IsToldToThoseWhoWaited_AndNotKept()
    {
        var failing = Ask();
        await BegunAsync(1);
        _reads[0].SetException(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);

        var next = Ask();
        await FinishAsync(2, answer: 7);
        Assert.Equal(7, await next);
    }

    [Fact]
    public async Task AskedForVeryMuch_TheOldestGivesWay()
    {
        for (var key = 0; key <= 256; key++)
        {
            _clock.Ticks = key;
            _ = Ask($"{key}");
        }

        await BegunAsync(257);
        _ = Ask("1"); // Still kept.
        _ = Ask("0"); // Not any more.
        await BegunAsync(258);
        Assert.Equal(258, _reads.Count);
    }

    private Task<int> Ask(string key = "") => _answers.ReadAsync(key, Token);

    private async Task FinishAsync(int read, int answer)
    {
        await BegunAsync(read);
        _reads[read - 1].SetResult(answer);
    }

    private Task BegunAsync(int read) => Fixtures.Wait.UntilAsync(
        () =>
        {
            lock (_reads) return _reads.Count >= read;
        },
        TimeSpan.FromSeconds(10), () => $"{_reads.Count} reads");

    private sealed class Clock : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }
}
