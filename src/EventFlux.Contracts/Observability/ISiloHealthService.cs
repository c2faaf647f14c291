using System.Collections.Immutable;
using Orleans.Services;

namespace EventFlux.Contracts.Observability;

/// <summary>One on each silo: what it has to say about itself, so that any silo can answer for the whole
/// cluster.</summary>
[Alias("eventflux.ISiloHealthService")]
public interface ISiloHealthService : IGrainService
{
    /// <summary>The silo's figures of this moment. Reads memory alone, and is safe to repeat.</summary>
    [Alias("Report")]
    Task<SiloVitals> ReportAsync();
}

/// <summary>A silo's figures of one moment.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="MemoryBytes">Resident.</param>
/// <param name="HeapBytes">Of the managed heap, after the last collection.</param>
/// <param name="CpuPercent">Of one processor, over the last seconds: 200 on two that are fully used.</param>
/// <param name="Processors">How many the process may use.</param>
[GenerateSerializer, Immutable, Alias("eventflux.SiloVitals")]
public sealed record SiloVitals(
    [property: Id(0)] string Version,
    [property: Id(1)] TimeSpan Uptime,
    [property: Id(2)] long MemoryBytes,
    [property: Id(3)] long HeapBytes,
    [property: Id(4)] double CpuPercent,
    [property: Id(5)] int Processors,
    [property: Id(6)] RequestTally Requests);

/// <summary>Requests of the last minutes, counted by how long they took; tallies of silos are merged by adding
/// up.</summary>
/// <param name="UnderWay">Being answered now.</param>
/// <param name="Failed">How many of the counted ended with a status of 500 or more.</param>
/// <param name="Buckets">How many took how long, by the bucket's number. The bounds are the program's own, the same in
/// every release.</param>
[GenerateSerializer, Immutable, Alias("eventflux.RequestTally")]
public sealed record RequestTally(
    [property: Id(0)] int UnderWay,
    [property: Id(1)] long Failed,
    [property: Id(2)] ImmutableArray<long> Buckets);
