using EventFlux.Contracts.Maintenance;

namespace EventFlux.Grains.Maintenance;

/// <summary>What is known of the jobs after a restart.</summary>
public sealed class MaintenanceState
{
    /// <summary>The last run of each job, by its name.</summary>
    public SortedDictionary<string, JobRun> LastRuns { get; init; } = [];
}
