using Orleans.Services;

namespace EventFlux.Contracts.RateLimiting;

/// <summary>
/// One on each silo: how silos share out the permits of a key, which are the requests that it may make in a window.
/// Kept in memory alone; both methods are safe to repeat, and an answer that is lost costs its permits.
/// </summary>
[Alias("eventflux.IRateLimitService")]
public interface IRateLimitService : IGrainService
{
    /// <summary>Asks the key's owner for permits. It first recalls those of all silos when it doesn't know how many
    /// are left.</summary>
    [Alias("Acquire")]
    Task<PermitGrant> AcquireAsync(PermitQuestion question);

    /// <summary>Gives up every unused permit of a key, and from now on asks for each.</summary>
    [Alias("Recall")]
    Task<PermitReport> RecallAsync(PermitAccount account);
}
