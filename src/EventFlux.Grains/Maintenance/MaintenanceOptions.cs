namespace EventFlux.Grains.Maintenance;

/// <summary>How long what is over is kept, and how much one tick does.</summary>
public sealed record MaintenanceOptions
{
    /// <summary>Cancelled bookings are removed this long after their cancellation; null keeps them for ever. At least a
    /// day, so that an idempotency key outlives its promised 24 hours. Default 30 days.</summary>
    public TimeSpan? CancelledBookingRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Idempotency keys are removed at this age; 24 hours are promised. Default 48 hours.</summary>
    public TimeSpan IdempotencyKeyRetention { get; init; } = TimeSpan.FromHours(48);

    /// <summary>Facts in the outbox are removed at this age. Default 30 days.</summary>
    public TimeSpan OutboxRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Rows that one statement reads or removes. Default 500.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>How long one job goes on at a tick; the rest waits for the next. Default 20 seconds.</summary>
    public TimeSpan JobTimeLimit { get; init; } = TimeSpan.FromSeconds(20);
}
