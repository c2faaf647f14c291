using EventFlux.Contracts.Observability;
using Orleans.Concurrency;
using Orleans.Runtime.Services;

namespace EventFlux.Silo.Observability;

/// <summary>Tells the other silos about this one.</summary>
[Reentrant]
internal sealed class SiloHealthService(
    GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory logs, SiloVitalsReader vitals)
    : GrainService(id, silo, logs), ISiloHealthService
{
    /// <inheritdoc/>
    public Task<SiloVitals> ReportAsync() => Task.FromResult(vitals.Read());
}

/// <summary>Reaches that service on a named silo.</summary>
internal sealed class SiloHealthServiceClient(IServiceProvider services)
    : GrainServiceClient<ISiloHealthService>(services)
{
    public ISiloHealthService On(SiloAddress silo) => GetGrainService(silo);
}
