using System.Net;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Silo.RateLimiting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EventFlux.Tests.RateLimiting;

/// <summary>Limits of several silos in one process, with a clock that stands still and a network that delays, delivers
/// out of order, and lets silos be lost.</summary>
internal sealed class LimitedCluster
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private const long FirstWindow = 2_100_000;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch + (FirstWindow * Window));
    private readonly Dictionary<SiloAddress, (RateLimits Limits, RateLimitPeers Peers)> _silos = [];
    private readonly HashSet<SiloAddress> _lost = [];
    private readonly Dictionary<SiloAddress, TaskCompletionSource> _held = [];
    private readonly int _limit;
    private int _questions;

    /// <param name="isSettled">Whether a new window begins after all have joined, so that each has a share of its
    /// own.</param>
    public LimitedCluster(int silos, int limit, bool isSettled)
    {
        _limit = limit;
        for (var number = 1; number <= silos; number++) Join();
        if (isSettled) _time.Advance(Window);
    }

    public IReadOnlyList<SiloAddress> Silos => [.. _silos.Keys.Except(_lost)];

    /// <summary>What was asked between silos.</summary>
    public int Questions => _questions;

    public SiloAddress OwnerOf(RateLimitKey key) => _silos.Values.First().Peers.OwnerOf(key);

    public SiloAddress Join()
    {
        var port = 11_001 + _silos.Count;
        var address = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, port), port);
        var peers = new RateLimitPeers(
            address,
            (silo, question) => SendAsync(silo, limits => limits.Owner.GrantAsync(question)),
            (silo, account) => SendAsync(silo, limits => Task.FromResult(limits.Owner.Surrender(account))),
            _time, NullLogger<RateLimitPeers>.Instance);
        var options = new RateLimitOptions { General = new(_limit, Window), AccountsPerTier = 4_096 };
        _silos[address] = (new RateLimits(options, peers, _time), peers);
        foreach (var (_, other) in _silos.Values) other.See(Silos);
        return address;
    }

    /// <summary>It answers no more.</summary>
    public void Lose(SiloAddress silo) => _lost.Add(silo);

    /// <summary>What it is asked waits until it is let go.</summary>
    public void Hold(SiloAddress silo) => _held[silo] = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void LetGo(SiloAddress silo) => _held[silo].SetResult();

    /// <summary>Lets time pass while they wait.</summary>
    public void Pass(TimeSpan time) => _time.Advance(time);

    /// <summary>All have heard that the lost ones are gone.</summary>
    public void Notice()
    {
        foreach (var silo in Silos) _silos[silo].Peers.See(Silos);
    }

    public ValueTask<RateLimitDecision> CountAsync(SiloAddress silo, RateLimitKey key) =>
        _silos[silo].Limits.CountAsync(RateLimitTier.General, key);

    /// <summary>So many requests at once.</summary>
    /// <returns>How many were let through.</returns>
    public async Task<int> BurstAsync(IEnumerable<SiloAddress> silos, RateLimitKey key)
    {
        var decisions = await Task.WhenAll(silos.Select(silo => Task.Run(async () => await CountAsync(silo, key))));
        return decisions.Count(decision => decision.IsAllowed);
    }

    private async Task<T> SendAsync<T>(SiloAddress silo, Func<RateLimits, Task<T>> ask)
    {
        Interlocked.Increment(ref _questions);
        await HopAsync();
        if (_held.TryGetValue(silo, out var held)) await held.Task;
        if (_lost.Contains(silo)) throw new TimeoutException("The silo is gone.");
        var answer = await ask(_silos[silo].Limits);
        await HopAsync();
        return answer;
    }

    /// <summary>Nobody can say which of two messages arrives first.</summary>
    private static async Task HopAsync()
    {
        for (var hops = Random.Shared.Next(4); hops > 0; hops--) await Task.Yield();
    }
}
