using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EventFlux.Silo.Api;

/// <summary>What one client may take of the server. Kestrel refuses what is past them by itself, before any code of
/// ours runs.</summary>
internal static class ServerLimits
{
    /// <summary>How long a request may take; reads and bodies end then. A commit that is under way goes on, and its
    /// caller is told by the same time that the outcome is unknown.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A silo is to carry 50,000 clients; the rest is for probes and proxies. Past it connections are closed
    /// at once, which keeps memory bounded.</summary>
    private const int MaxConnections = 60_000;

    public static void Set(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = MaxConnections;
        limits.MaxRequestBodySize = BodyRules.MaxBytes;
        // A token, some conditions and what proxies add are a few KiB.
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        // Bytes a second: the largest body is here within a minute, or the connection ends.
        limits.MinRequestBodyDataRate = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
        // Longer than proxies keep idle connections (two minutes are usual), so that it is they who close them.
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
    }
}
