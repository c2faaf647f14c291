namespace EventFlux.Tests.Fixtures;

/// <summary>
/// A clock that the test moves. Only what is now is held: timers and elapsed times stay real, since a silo whose own
/// timers stand still neither starts nor stops in reasonable time.
/// </summary>
internal sealed class HeldClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks = start.UtcTicks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan span) => Interlocked.Add(ref _ticks, span.Ticks);
}
