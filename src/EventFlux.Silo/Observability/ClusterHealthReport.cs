using EventFlux.Contracts.Maintenance;

namespace EventFlux.Silo.Observability;

/// <summary>How the whole cluster is, as one of its silos sees it.</summary>
/// <param name="Status"><c>ok</c>, or <c>degraded</c> when the database doesn't answer or a silo that should, doesn't.
/// </param>
/// <param name="CheckedAt">When it was looked (UTC); an answer is reused for half a second.</param>
/// <param name="Database">As the silo that answers sees it.</param>
/// <param name="Process">The silo that answers.</param>
/// <param name="Requests">Of all silos that answered, together.</param>
/// <param name="Cluster">Every silo, this one too; one that was killed stays for an hour, unless another took its
/// place.</param>
/// <param name="Jobs">The last run of each maintenance job; null when nobody could say so in time.</param>
public sealed record ClusterHealthReport(
    string Status,
    DateTimeOffset CheckedAt,
    DatabaseHealth Database,
    ProcessHealth Process,
    RequestHealth Requests,
    IReadOnlyList<SiloHealth> Cluster,
    IReadOnlyList<JobHealth>? Jobs);

/// <summary>The database.</summary>
/// <param name="Status"><c>ok</c>, or <c>unreachable</c>.</param>
/// <param name="LatencyMs">Milliseconds of one round trip; null when there was no answer.</param>
public sealed record DatabaseHealth(string Status, decimal? LatencyMs);

/// <summary>A silo's process.</summary>
/// <param name="Version">Of the program: the commit that it was built from, or its version.</param>
/// <param name="UptimeSeconds">Since it started.</param>
/// <param name="MemoryBytes">Resident.</param>
/// <param name="HeapBytes">Of the managed heap.</param>
/// <param name="CpuPercent">Of all processors, over the last seconds: 100 when none is left.</param>
/// <param name="Processors">How many it may use.</param>
public sealed record ProcessHealth(
    string Version, long UptimeSeconds, long MemoryBytes, long HeapBytes, decimal CpuPercent, int Processors);

/// <summary>Requests of the last five minutes.</summary>
/// <param name="WindowSeconds">How far back they reach.</param>
/// <param name="Count">How many were answered.</param>
/// <param name="Failed">How many of them with a status of 500 or more.</param>
/// <param name="ErrorRate">Failed ÷ count in percent; 0 when there were none.</param>
/// <param name="UnderWay">Being answered now.</param>
/// <param name="P50Ms">Milliseconds that half of them took at most, to 5 %; null when there were none.</param>
/// <param name="P95Ms">The same for 95 of 100.</param>
/// <param name="P99Ms">The same for 99 of 100.</param>
public sealed record RequestHealth(
    int WindowSeconds, long Count, long Failed, decimal ErrorRate, int UnderWay,
    decimal? P50Ms, decimal? P95Ms, decimal? P99Ms);

/// <summary>A silo.</summary>
/// <param name="Address">Where the others reach it: address, port and generation.</param>
/// <param name="Name">Its name in the membership.</param>
/// <param name="Status">In the membership: <c>joining</c>, <c>active</c>, <c>shutting_down</c>, <c>stopping</c>,
/// <c>dead</c>.</param>
/// <param name="Since">When it started (UTC); null while the database doesn't answer.</param>
/// <param name="LastAliveAt">When it last wrote that it is alive, which it does every five seconds (UTC); null while
/// the database doesn't answer.</param>
/// <param name="Answers">Whether it told about itself within a second. A dead silo isn't asked.</param>
/// <param name="Process">Null when it didn't answer.</param>
/// <param name="Requests">Null when it didn't answer.</param>
public sealed record SiloHealth(
    string Address, string Name, string Status, DateTimeOffset? Since, DateTimeOffset? LastAliveAt, bool Answers,
    ProcessHealth? Process, RequestHealth? Requests);

/// <summary>The last run of a maintenance job.</summary>
/// <param name="Name">Such as <c>end-offers</c>.</param>
/// <param name="LastRun">When it began (UTC).</param>
/// <param name="Done">Items dealt with.</param>
/// <param name="Left">Items left for the next run.</param>
/// <param name="DurationMs">Milliseconds.</param>
/// <param name="Outcome"><c>ok</c>; <c>incomplete</c> when something is left; <c>failed</c> when it ended
/// early.</param>
public sealed record JobHealth(
    string Name, DateTimeOffset LastRun, int Done, int Left, decimal DurationMs, string Outcome)
{
    public static JobHealth Of(JobRun run) => new(
        run.Job, run.StartedAt, run.Processed, run.Failed,
        decimal.Round((decimal)run.Duration.TotalMilliseconds, 2),
        run.Error is not null ? "failed" : run.Failed > 0 ? "incomplete" : "ok");
}
