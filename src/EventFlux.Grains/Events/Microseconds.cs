namespace EventFlux.Grains.Events;

/// <summary>PostgreSQL keeps instants in whole microseconds, .NET in tenths of one.</summary>
public static class Microseconds
{
    /// <summary>Cut to whole microseconds.</summary>
    public static DateTimeOffset ToMicroseconds(this DateTimeOffset instant) =>
        new(instant.Ticks - (instant.Ticks % TimeSpan.TicksPerMicrosecond), instant.Offset);
}
