using System.Collections.Concurrent;

namespace EventFlux.Tests.Chaos;

/// <summary>What the clients of a run saw, in numbers. Safe for concurrent use.</summary>
internal sealed class Tally
{
    private const int MaxSurprises = 20;

    private readonly ConcurrentQueue<string> _surprises = new();
    private long _requests;
    private long _acknowledged;
    private long _retried;
    private long _unanswered;
    private long _surprised;

    /// <summary>HTTP requests sent.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Changes that were answered as done.</summary>
    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Requests that repeated one which got a 503 or no answer.</summary>
    public long Retried => Volatile.Read(ref _retried);

    /// <summary>Calls given up after all their repeats.</summary>
    public long Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>Answers that no client should get; the first of them in words.</summary>
    public long Surprised => Volatile.Read(ref _surprised);

    /// <inheritdoc cref="Surprised"/>
    public IReadOnlyCollection<string> Surprises => _surprises;

    public void Sent() => Interlocked.Increment(ref _requests);

    public void Acknowledge() => Interlocked.Increment(ref _acknowledged);

    public void Retry() => Interlocked.Increment(ref _retried);

    public void GiveUp() => Interlocked.Increment(ref _unanswered);

    public void Surprise(string what)
    {
        Interlocked.Increment(ref _surprised);
        if (_surprises.Count < MaxSurprises) _surprises.Enqueue(what);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Requests} requests, {Acknowledged} acknowledged, {Retried} repeated, {Unanswered} never answered, "
        + $"{Surprised} surprises";
}
