using System.Collections.Concurrent;

namespace EventFlux.Silo.RateLimiting;

/// <summary>Lets one caller a key do something, while those who come meanwhile wait for its end. Safe for concurrent
/// use.</summary>
internal sealed class OneAtATime<TKey>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Task> _running = new();

    /// <returns>Whether it was this caller's turn; false when another's has ended.</returns>
    public async ValueTask<bool> RunOrWaitAsync(TKey key, Func<Task> act)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = _running.GetOrAdd(key, turn.Task);
        if (running != turn.Task)
        {
            await running;
            return false;
        }

        try
        {
            await act();
            return true;
        }
        finally
        {
            _running.TryRemove(key, out _);
            turn.SetResult();
        }
    }
}
