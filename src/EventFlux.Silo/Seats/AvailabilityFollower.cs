namespace EventFlux.Silo.Seats;

/// <summary>Somebody's look at an event, for as long as it isn't disposed.</summary>
internal sealed class AvailabilityFollower(FollowedEvent followed, AvailabilityFeed feed, TimeProvider time)
    : IDisposable
{
    /// <summary>Longer than it takes to notice that a silo was killed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private int _hasLeft;

    /// <inheritdoc cref="FollowedEvent.IsGone"/>
    public bool IsGone => followed.IsGone;

    /// <inheritdoc cref="FollowedEvent.Next"/>
    public Task Next => followed.Next;

    /// <inheritdoc cref="FollowedEvent.Since"/>
    public AvailabilityUpdate Since(long? version) => followed.Since(version);

    /// <summary>Waits until this silo has heard of that version: who has seen it elsewhere doesn't go back in
    /// time.</summary>
    /// <returns>Whether the event is there.</returns>
    /// <exception cref="TimeoutException">The event can't be asked.</exception>
    public async Task<bool> ReachAsync(long version, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var next = followed.Next;
            if (followed.IsGone) return false;
            if (followed.Version >= Math.Max(version, 1)) return true;
            var left = Patience - time.GetElapsedTime(began);
            await next.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _hasLeft, 1) == 0) feed.Leave(followed);
    }
}
