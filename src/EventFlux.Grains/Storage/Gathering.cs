using System.Diagnostics;

namespace EventFlux.Grains.Storage;

/// <summary>
/// Does together what is asked for while all workers are busy. What is asked for alone begins at once; the busier it
/// gets, the more share a round trip. Nothing ever waits for company. Safe for concurrent use, and runs on the thread
/// pool whoever asks, so no grain's turns are lent to others.
/// </summary>
/// <param name="workers">How many rounds may be under way at a time, those apart that lost patience.</param>
/// <param name="patience">After that long a round goes on by itself, and its worker begins the next: what hangs keeps
/// nobody else waiting.</param>
/// <param name="most">What the weights of a round may add up to; the first item always goes.</param>
/// <param name="weigh">What an item counts for.</param>
/// <param name="work">Settles each of the items; where it throws, the items that are not settled yet fail with that.
/// Runs in the trace of the first of them that is recorded.</param>
internal sealed class Gathering<TItem, TResult>(
    int workers,
    TimeSpan patience,
    int most,
    Func<TItem, int> weigh,
    Func<IReadOnlyList<Gathered<TItem, TResult>>, Task> work)
{
    private readonly Lock _lock = new();
    private readonly Queue<Gathered<TItem, TResult>> _waiting = [];
    private int _working;

    public Task<TResult> AskAsync(TItem item)
    {
        var asked = new Gathered<TItem, TResult>(item);
        lock (_lock)
        {
            _waiting.Enqueue(asked);
            if (_working == workers) return asked.Task;
            _working++;
        }

        // Without the caller's context: the worker goes on with what others have asked for.
        ThreadPool.UnsafeQueueUserWorkItem(static self => _ = self.WorkAsync(), this, preferLocal: true);
        return asked.Task;
    }

    private async Task WorkAsync()
    {
        while (TakeRound() is { } round)
            await SettleAsync(round).WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SettleAsync(List<Gathered<TItem, TResult>> round)
    {
        Activity.Current = round.Find(asked => asked.Trace is not null)?.Trace;
        try
        {
            await work(round);
        }
        catch (Exception failure)
        {
            foreach (var item in round) item.TrySetException(failure);
        }
    }

    /// <summary>Null when nothing waits; the worker is then gone.</summary>
    private List<Gathered<TItem, TResult>>? TakeRound()
    {
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out var first))
            {
                _working--;
                return null;
            }

            var (round, weight) = (new List<Gathered<TItem, TResult>> { first }, weigh(first.Item));
            while (_waiting.TryPeek(out var next) && (weight += weigh(next.Item)) <= most)
                round.Add(_waiting.Dequeue());
            return round;
        }
    }
}

/// <summary>One item of a round, and where its result goes.</summary>
internal sealed class Gathered<TItem, TResult>(TItem item)
    : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public TItem Item { get; } = item;

    /// <summary>Who asked; null where that is not recorded.</summary>
    public Activity? Trace { get; } = Activity.Current is { Recorded: true } asking ? asking : null;
}
