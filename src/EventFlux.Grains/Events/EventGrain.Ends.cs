namespace EventFlux.Grains.Events;

/// <content>The timer of offers and holds.</content>
internal sealed partial class EventGrain
{
    /// <summary>A tick that came a moment too early is repeated soon.</summary>
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(1);

    private IGrainTimer? _endTimer;
    private DateTimeOffset? _endTimerDue;

    /// <summary>Keeps one timer at the end of the offer or hold that ends first. Only a convenience: the instant itself
    /// decides, and the minute sweep finds what no timer was alive for.</summary>
    private void WatchEnds()
    {
        var due = _inventory.NextEnd;
        if (due == _endTimerDue) return;

        _endTimerDue = due;
        _endTimer?.Dispose();
        _endTimer = due is null ? null : this.RegisterGrainTimer(
            static (grain, cancellationToken) => grain.AdvanceTimeAsync(cancellationToken),
            this,
            new GrainTimerCreationOptions(MaxZero(due.Value - Now), RetryPeriod)
            {
                Interleave = true, KeepAlive = true,
            });
    }

    private static TimeSpan MaxZero(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
