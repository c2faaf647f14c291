using EventFlux.Silo.Hosting;

namespace EventFlux.Silo.Api;

/// <summary>What the API lets its callers do.</summary>
public sealed record ApiOptions
{
    /// <summary>Tickets that one booking, or one waitlist entry, may ask for. Default 10.</summary>
    public int MaxTicketsPerUser { get; init; } = 10;

    /// <summary>How long a request may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = ServerLimits.RequestTimeout;

    /// <summary>Origins whose pages may call the API from a browser; none by default.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    public static ApiOptions From(SiloOptions options) => new()
    {
        MaxTicketsPerUser = options.MaxTicketsPerUser,
        CorsOrigins = options.CorsOrigins,
    };
}
