using System.Diagnostics;
using EventFlux.Contracts.Observability;

namespace EventFlux.Silo.Observability;

/// <summary>What this silo says about itself. Safe for concurrent use.</summary>
internal sealed class SiloVitalsReader
{
    /// <summary>Over a shorter span the processor's clock is too coarse to say anything.</summary>
    private static readonly TimeSpan MinSpan = TimeSpan.FromSeconds(1);

    private readonly RequestFigures _requests;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly long _startedAt;
    private long _measuredAt;
    private TimeSpan _used;
    private double _cpuPercent;

    public SiloVitalsReader(RequestFigures requests, TimeProvider time)
    {
        (_requests, _time) = (requests, time);
        using var process = Process.GetCurrentProcess();
        var age = time.GetUtcNow() - new DateTimeOffset(process.StartTime.ToUniversalTime());
        _startedAt = time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency);
        // Until the first span is over: the average since the start.
        (_measuredAt, _used) = (_startedAt, TimeSpan.Zero);
    }

    public SiloVitals Read() => new(
        ProgramVersion.Short, _time.GetElapsedTime(_startedAt), Environment.WorkingSet, GC.GetTotalMemory(false),
        CpuPercent(), Environment.ProcessorCount, _requests.Read());

    /// <summary>Of one processor, since it was last asked for, or a second at least.</summary>
    private double CpuPercent()
    {
        lock (_gate)
        {
            var span = _time.GetElapsedTime(_measuredAt);
            if (span < MinSpan) return _cpuPercent;
            var used = Environment.CpuUsage.TotalTime;
            _cpuPercent = 100 * (used - _used) / span;
            (_measuredAt, _used) = (_time.GetTimestamp(), used);
            return _cpuPercent;
        }
    }
}
