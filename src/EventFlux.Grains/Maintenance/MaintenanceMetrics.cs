using System.Diagnostics.Metrics;
using EventFlux.Contracts.Maintenance;
using EventFlux.Grains.Observability;

namespace EventFlux.Grains.Maintenance;

/// <summary>The jobs as numbers, each with the tag <c>job.name</c>.</summary>
internal sealed class MaintenanceMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _processed;
    private readonly Counter<long> _failed;

    public MaintenanceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MetricNames.Meter);
        _duration = meter.CreateHistogram<double>(MetricNames.JobDuration, "s", "How long a run took.");
        _processed = meter.CreateCounter<long>(MetricNames.JobProcessed, "{item}", "Items dealt with.");
        _failed = meter.CreateCounter<long>(
            MetricNames.JobFailed, "{item}", "Items left for the next run.");
    }

    public void Record(JobRun run)
    {
        var job = new KeyValuePair<string, object?>("job.name", run.Job);
        _duration.Record(run.Duration.TotalSeconds, job);
        _processed.Add(run.Processed, job);
        _failed.Add(run.Failed, job);
    }
}
