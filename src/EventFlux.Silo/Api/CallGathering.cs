using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;

namespace EventFlux.Silo.Api;

/// <summary>
/// Gathers the calls of one kind that are made before a thread comes to sending them, and sends those to the same event
/// as one. Nothing waits for a clock or for a call that is under way: an idle silo sends a call alone and at once, a
/// busy one, in which calls are made faster than threads come, sends many together. Safe for concurrent use.
/// </summary>
/// <param name="send">Answers to each command at its place; an exception is the answer to all.</param>
/// <param name="queue">Takes the sending behind other work; the thread pool where it is left out.</param>
internal sealed class CallGathering<TCommand, TResult>(
    Func<Guid, ImmutableArray<TCommand>, Task<ImmutableArray<TResult>>> send,
    Action<IThreadPoolWorkItem>? queue = null) : IThreadPoolWorkItem
{
    /// <summary>Of one message between silos, a bound to its size.</summary>
    private const int MaxCalls = 512;

    private readonly Action<IThreadPoolWorkItem> _queue =
        queue ?? (static work => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false));

    private readonly ConcurrentQueue<Call> _waiting = new();
    private int _isScheduled;

    /// <summary>Sends the command to the event, within one call in the order of coming.</summary>
    public Task<TResult> SendAsync(Guid eventId, TCommand command)
    {
        var call = new Call(eventId, command);
        _waiting.Enqueue(call);
        Schedule();
        return call.Task;
    }

    void IThreadPoolWorkItem.Execute()
    {
        // Before the first look into the queue: who comes later schedules anew, at worst for nothing.
        Interlocked.Exchange(ref _isScheduled, 0);
        var gathered = new List<Call>();
        while (gathered.Count < MaxCalls && _waiting.TryDequeue(out var call)) gathered.Add(call);
        if (gathered.Count == MaxCalls) Schedule();
        foreach (var calls in gathered.GroupBy(call => call.EventId)) _ = SendAsync(calls.Key, [.. calls]);
    }

    /// <summary>Behind the work that is queued already: of that, too, some will call.</summary>
    private void Schedule()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0) _queue(this);
    }

    private async Task SendAsync(Guid eventId, Call[] calls)
    {
        // A sampler has decided about the callers; without one of them the call would be the root of another trace.
        Activity.Current = calls[0].Caller;
        try
        {
            var results = await send(eventId, [.. calls.Select(call => call.Command)]);
            if (results.Length != calls.Length)
                throw new InvalidOperationException($"{calls.Length} calls got {results.Length} answers.");
            foreach (var (call, result) in calls.Zip(results)) call.SetResult(result);
        }
        catch (Exception fault)
        {
            foreach (var call in calls) call.TrySetException(fault);
        }
    }

    /// <summary>Who called goes on in a thread of its own, not one after the other.</summary>
    private sealed class Call(Guid eventId, TCommand command)
        : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Guid EventId => eventId;

        public Activity? Caller { get; } = Activity.Current;

        public TCommand Command => command;
    }
}
