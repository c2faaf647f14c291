using System.Net;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Silo.RateLimiting;

namespace EventFlux.Silo.Seats;

/// <summary>Bounds the streams that one client address has open on this silo, where there are limits at all. Safe for
/// concurrent use.</summary>
internal sealed class StreamsByAddress(RateLimits limits)
{
    /// <summary>An office or a school behind one address, not a program that opens streams.</summary>
    public const int MaxStreams = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<RateLimitKey, int> _open = [];

    /// <returns>What ends the stream's count; null when the address has too many.</returns>
    public IDisposable? TryEnter(IPAddress? address)
    {
        var key = RateLimitKeys.OfAddress(address);
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(key);
            if (limits.IsEnabled && open >= MaxStreams) return null;
            _open[key] = open + 1;
        }

        return new Place(this, key);
    }

    private void Leave(RateLimitKey key)
    {
        lock (_gate)
            if (--_open[key] == 0)
                _open.Remove(key);
    }

    private sealed class Place(StreamsByAddress streams, RateLimitKey key) : IDisposable
    {
        public void Dispose() => streams.Leave(key);
    }
}
