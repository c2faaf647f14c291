using EventFlux.Contracts.RateLimiting;
using Orleans.Concurrency;
using Orleans.Runtime.Services;

namespace EventFlux.Silo.RateLimiting;

/// <summary>The limits of this silo, for the others to ask.</summary>
[Reentrant]
internal sealed class RateLimitService(GrainId id, Orleans.Runtime.Silo silo, ILoggerFactory logs, RateLimits limits)
    : GrainService(id, silo, logs), IRateLimitService
{
    /// <inheritdoc/>
    public Task<PermitGrant> AcquireAsync(PermitQuestion question) => limits.Owner.GrantAsync(question);

    /// <inheritdoc/>
    public Task<PermitReport> RecallAsync(PermitAccount account) => Task.FromResult(limits.Owner.Surrender(account));
}

/// <summary>Reaches that service on a named silo.</summary>
internal sealed class RateLimitServiceClient(IServiceProvider services)
    : GrainServiceClient<IRateLimitService>(services)
{
    public IRateLimitService On(SiloAddress silo) => GetGrainService(silo);
}
