using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using EventFlux.Silo.Api;

namespace EventFlux.Tests.Api;

public sealed class CallGatheringTests
{
    private static readonly Guid A = Guid.NewGuid();
    private static readonly Guid B = Guid.NewGuid();

    private readonly ConcurrentQueue<(Guid EventId, ImmutableArray<int> Commands)> _sent = new();

    /// <summary>What would wait for a thread.</summary>
    private readonly Queue<IThreadPoolWorkItem> _queued = new();

    [Fact]
    public async Task Call_AloneIsSentAtOnce()
    {
        var gathering = new CallGathering<int, int>(Double);

        Assert.Equal(14, await gathering.SendAsync(A, 7));

        Assert.Equal([7], Assert.Single(_sent).Commands);
    }

    [Fact]
    public async Task Calls_OfABusySiloTravelTogether_EventByEventInTheOrderOfComing()
    {
        var gathering = new CallGathering<int, int>(Double, _queued.Enqueue);

        var answers = Enumerable.Range(0, 300)
            .Select(number => gathering.SendAsync(number % 2 == 0 ? A : B, number)).ToArray();
        Assert.Empty(_sent);
        Assert.Single(_queued).Execute();

        Assert.Equal(Enumerable.Range(0, 300).Select(number => 2 * number), await Task.WhenAll(answers));
        Assert.Equal(2, _sent.Count);
        Assert.Equal(Enumerable.Range(0, 150).Select(n => 2 * n), _sent.Single(sent => sent.EventId == A).Commands);
        Assert.Equal(Enumerable.Range(0, 150).Select(n => (2 * n) + 1), _sent.Single(s => s.EventId == B).Commands);
    }

    [Fact]
    public async Task Calls_TooManyForOneMessageAreSentInSeveral()
    {
        var gathering = new CallGathering<int, int>(Double, _queued.Enqueue);

        var answers = Enumerable.Range(0, 2_000).Select(number => gathering.SendAsync(A, number)).ToArray();
        while (_queued.TryDequeue(out var sending)) sending.Execute();

        Assert.Equal(Enumerable.Range(0, 2_000).Select(number => 2 * number), await Task.WhenAll(answers));
        Assert.All(_sent, sent => Assert.InRange(sent.Commands.Length, 1, 512));
        Assert.Equal(Enumerable.Range(0, 2_000), _sent.SelectMany(sent => sent.Commands));
    }

    [Fact]
    public async Task Fault_IsTheAnswerToEachOfTheCall_AndToNobodyElse()
    {
        var gathering = new CallGathering<int, int>((id, commands) =>
            id == A ? throw new TimeoutException("A is away") : Double(id, commands), _queued.Enqueue);

        Task<int>[] answers = [gathering.SendAsync(A, 1), gathering.SendAsync(B, 2), gathering.SendAsync(A, 3)];
        _queued.Dequeue().Execute();

        await Assert.ThrowsAsync<TimeoutException>(() => answers[0]);
        Assert.Equal(4, await answers[1]);
        await Assert.ThrowsAsync<TimeoutException>(() => answers[2]);
    }

    [Fact]
    public async Task Answer_TooShortForItsCalls_IsAFaultOfEach()
    {
        var gathering = new CallGathering<int, int>(
            (_, _) => Task.FromResult<ImmutableArray<int>>([1]), _queued.Enqueue);

        Task<int>[] answers = [gathering.SendAsync(A, 1), gathering.SendAsync(A, 2)];
        _queued.Dequeue().Execute();

        foreach (var answer in answers) await Assert.ThrowsAsync<InvalidOperationException>(() => answer);
    }

    [Fact]
    public async Task Call_BelongsToItsCallersTrace_AndLeavesNoneBehind()
    {
        ActivityTraceId? seen = null;
        var gathering = new CallGathering<int, int>(
            (id, commands) =>
            {
                seen = Activity.Current?.TraceId;
                return Double(id, commands);
            },
            _queued.Enqueue);
        using var request = new Activity("request").Start();
        var answer = gathering.SendAsync(A, 1);
        Activity.Current = null;

        _queued.Dequeue().Execute();

        Assert.Null(Activity.Current);
        await answer;
        Assert.Equal(request.TraceId, seen);
    }

    [Fact]
    public async Task Calls_OfManyThreadsAreEachAnsweredTheirOwn()
    {
        var gathering = new CallGathering<int, int>(Double);

        await Parallel.ForAsync(0, 20_000, async (number, _) =>
            Assert.Equal(2 * number, await gathering.SendAsync(number % 3 == 0 ? A : B, number)));

        Assert.Equal(20_000, _sent.Sum(sent => sent.Commands.Length));
    }

    private async Task<ImmutableArray<int>> Double(Guid eventId, ImmutableArray<int> commands)
    {
        _sent.Enqueue((eventId, commands));
        await Task.Yield();
        return [.. commands.Select(command => 2 * command)];
    }
}
