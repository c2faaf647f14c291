using System.Collections.Concurrent;
using EventFlux.Contracts.RateLimiting;

namespace EventFlux.Silo.RateLimiting;

/// <summary>
/// The other silos, and the questions put to them. One that doesn't answer in time is done without for a while: a
/// request never fails for its limit, and waits for an answer no longer than this. Safe for concurrent use.
/// </summary>
/// <param name="acquire">Asks a silo for permits.</param>
/// <param name="recall">Asks a silo to give its permits up.</param>
internal sealed partial class RateLimitPeers(
    SiloAddress self,
    Func<SiloAddress, PermitQuestion, Task<PermitGrant>> acquire,
    Func<SiloAddress, PermitAccount, Task<PermitReport>> recall,
    TimeProvider time,
    ILogger<RateLimitPeers> logger)
{
    /// <summary>A killed silo refuses at once; this is for those that hang. Shorter would take busy machines, which
    /// pause for some hundred milliseconds, for lost, and let their limits drift apart.</summary>
    private static readonly TimeSpan RecallTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The owner may have to recall before it answers.</summary>
    private static readonly TimeSpan AcquireTimeout = RecallTimeout + TimeSpan.FromSeconds(0.5);

    /// <summary>About as long as it takes until a dead silo is out of the membership.</summary>
    private static readonly TimeSpan OutTime = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<SiloAddress, long> _outUntil = new();
    private volatile ClusterView _view = ClusterView.Unknown(self);

    public ClusterView View => _view;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes a new membership into account. Called by one at a time.</summary>
    public void See(IEnumerable<SiloAddress> active)
    {
        _view = _view.Seeing(active, Now);
        foreach (var silo in _outUntil.Keys.Except(_view.Silos)) _outUntil.TryRemove(silo, out _);
    }

    public SiloAddress OwnerOf(RateLimitKey key) => _view.OwnerOf(key, IsOut);

    /// <param name="late">Is given what comes after all when nobody waits for it any more.</param>
    /// <returns>Null when that silo didn't answer in time.</returns>
    public Task<PermitGrant?> TryAcquireAsync(SiloAddress silo, PermitQuestion question, Action<PermitGrant> late) =>
        TryAsync(silo, () => acquire(silo, question), AcquireTimeout, late);

    /// <returns>Null when that silo didn't answer, or hasn't of late.</returns>
    public Task<PermitReport?> TryRecallAsync(SiloAddress silo, PermitAccount account) =>
        IsOut(silo)
            ? Task.FromResult<PermitReport?>(null)
            : TryAsync(silo, () => recall(silo, account), RecallTimeout, static _ => { });

    private bool IsOut(SiloAddress silo) => _outUntil.TryGetValue(silo, out var until) && Now < until;

    private async Task<T?> TryAsync<T>(SiloAddress silo, Func<Task<T>> ask, TimeSpan timeout, Action<T> late)
        where T : struct
    {
        Task<T>? answer = null;
        try
        {
            answer = ask();
            return await answer.WaitAsync(timeout, time);
        }
        catch (Exception fault)
        {
            // Whatever it is: the limiter can do without an answer.
            if (!IsOut(silo)) LogOut(silo, OutTime.TotalSeconds, fault.Message);
            _outUntil[silo] = Now + (long)OutTime.TotalMilliseconds;
            _ = answer?.ContinueWith(
                done => late(done.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            return null;
        }
    }

    [LoggerMessage(
        LogLevel.Warning, "{Silo} did not answer about rate limits; {Seconds} seconds without it. {Reason}")]
    private partial void LogOut(SiloAddress silo, double seconds, string reason);
}
