using EventFlux.Grains.Events;

namespace EventFlux.Tests.Events;

/// <summary>How long callers wait behind the commit before theirs.</summary>
public sealed class CommitWaitTests
{
    [Fact]
    public async Task Wait_IsTheFirstCallers_FromJoiningToSending()
    {
        var (clock, waits, writing) = (new Clock(), new List<TimeSpan>(), new TaskCompletionSource());
        GroupCommit commits = null!;
        commits = new(0, (_, facts) => new(Guid.Empty, 0, default, facts), WriteAsync, failure => throw failure, clock);

        var first = Decide();
        var second = Decide();
        clock.Ticks += 3;
        var third = Decide();
        clock.Ticks += 4;
        writing.SetResult();
        await Task.WhenAll(first, second, third);

        Assert.Equal([TimeSpan.Zero, TimeSpan.FromTicks(7)], waits);

        Task Decide()
        {
            commits.Facts.Add(new EventCompleted(DateTimeOffset.UnixEpoch));
            return commits.CommitAsync();
        }

        Task WriteAsync(EventCommit commit, TimeSpan waited)
        {
            waits.Add(waited);
            return writing.Task;
        }
    }

    private sealed class Clock : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }
}
