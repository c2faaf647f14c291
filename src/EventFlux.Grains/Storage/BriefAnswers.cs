namespace EventFlux.Grains.Storage;

/// <summary>
/// Answers that many ask for and nobody waits in line for: asked by many at once it reads once, and what was read holds
/// for a second from the moment at which reading began. So an answer is a second older than the question at most.
/// Failures aren't kept. Safe for concurrent use.
/// </summary>
/// <param name="read">Begins a read; it goes on when its first caller leaves.</param>
/// <param name="holdsFor">How long an answer holds where a second is not it.</param>
internal sealed class BriefAnswers<TKey, T>(Func<TKey, Task<T>> read, TimeProvider time, TimeSpan? holdsFor = null)
    where TKey : notnull
{
    public static readonly TimeSpan HoldsFor = TimeSpan.FromSeconds(1);

    /// <summary>Different questions at a time.</summary>
    private const int MaxKept = 256;

    private readonly TimeSpan _holdsFor = holdsFor ?? HoldsFor;
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, (Task<T> Answer, long BegunAt)> _begun = [];

    public Task<T> ReadAsync(TKey key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // All of them, so that what was asked for once doesn't stay for ever.
            foreach (var (old, (answer, begunAt)) in _begun)
                if (answer.IsFaulted || answer.IsCanceled || time.GetElapsedTime(begunAt) >= _holdsFor)
                    _begun.Remove(old);

            if (!_begun.TryGetValue(key, out var current))
            {
                // Nobody asks for so many different ones who wants an answer: the oldest gives way.
                if (_begun.Count == MaxKept) _begun.Remove(_begun.MinBy(entry => entry.Value.BegunAt).Key);
                var begunAt = time.GetTimestamp();
                current = (Task.Run(() => read(key), CancellationToken.None), begunAt);
                _begun.Add(key, current);
            }

            return current.Answer.WaitAsync(cancellationToken);
        }
    }
}
