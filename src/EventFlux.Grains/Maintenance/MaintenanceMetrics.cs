using System.Diagnostics.Metrics;
using EventFlux.Contracts.Maintenance;

namespace EventFlux.Grains.Maintenance;

/// <summary>The jobs as numbers, each with the tag <c>job</c>.</summary>
internal sealed class MaintenanceMetrics
{
    /// <summary>The meter of all of EventFlux's own instruments.</summary>
    public const string MeterName = "EventFlux";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _processed;
    private readonly Counter<long> _failed;

    public MaintenanceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>("eventflux.maintenance.job.duration", "s", "How long a run took.");
        _processed = meter.CreateCounter<long>("eventflux.maintenance.job.processed", "{item}", "Items dealt with.");
        _failed = meter.CreateCounter<long>(
            "eventflux.maintenance.job.failed", "{item}", "Items left for the next run.");
    }

    public void Record(JobRun run)
    {
        var job = new KeyValuePair<string, object?>("job", run.Job);
        _duration.Record(run.Duration.TotalSeconds, job);
        _processed.Add(run.Processed, job);
        _failed.Add(run.Failed, job);
    }
}
