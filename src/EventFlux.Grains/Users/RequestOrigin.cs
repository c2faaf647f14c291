using System.Net;

namespace EventFlux.Grains.Users;

/// <summary>Where a request comes from.</summary>
/// <param name="Address">The client's, as far as proxies are trusted; null when it is not known.</param>
public sealed record RequestOrigin(IPAddress? Address, string? TraceId)
{
    /// <summary>Names nobody.</summary>
    public override string ToString() => nameof(RequestOrigin);
}
