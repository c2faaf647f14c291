namespace EventFlux.Grains.Events;

internal static class Microseconds
{
    /// <summary>Cut to whole microseconds, PostgreSQL's precision.</summary>
    public static DateTimeOffset ToMicroseconds(this DateTimeOffset instant) =>
        new(instant.Ticks - (instant.Ticks % TimeSpan.TicksPerMicrosecond), instant.Offset);
}
