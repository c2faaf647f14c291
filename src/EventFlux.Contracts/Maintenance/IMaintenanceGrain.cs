using Orleans.Concurrency;

namespace EventFlux.Contracts.Maintenance;

/// <summary>
/// Clock work that belongs to no single event; one grain with the key <see cref="Key"/>. A reminder fires each minute;
/// each job reads what is due by an index, in bounded pages. No sale passes through it.
/// </summary>
[Alias("eventflux.IMaintenanceGrain")]
public interface IMaintenanceGrain : IGrainWithStringKey
{
    /// <summary>The key of the one maintenance grain. Not all hexadecimal: such keys collide in ADO.NET grain
    /// storage.</summary>
    const string Key = "maintenance";

    /// <summary>Registers the minute reminder when there is none. Safe to repeat from every silo.</summary>
    [Alias("Schedule")]
    Task ScheduleAsync();

    /// <summary>Runs every job now and answers how each went.</summary>
    [Alias("Run")]
    Task<IReadOnlyList<JobRun>> RunAsync(CancellationToken cancellationToken = default);

    /// <summary>The last run of each job, by name; empty before the first run. Answered while jobs run, too.</summary>
    [Alias("GetLastRuns"), AlwaysInterleave]
    Task<IReadOnlyList<JobRun>> GetLastRunsAsync();
}

/// <summary>One run of a maintenance job.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="StartedAt">When it began (UTC).</param>
/// <param name="Processed">How many rows or events it dealt with.</param>
/// <param name="Failed">How many it could not deal with and will try again at the next run.</param>
/// <param name="Error">The kind of fault that ended it early, or null.</param>
[GenerateSerializer, Immutable, Alias("eventflux.JobRun")]
public sealed record JobRun(
    [property: Id(0)] string Job,
    [property: Id(1)] DateTimeOffset StartedAt,
    [property: Id(2)] TimeSpan Duration,
    [property: Id(3)] int Processed,
    [property: Id(4)] int Failed,
    [property: Id(5)] string? Error);
