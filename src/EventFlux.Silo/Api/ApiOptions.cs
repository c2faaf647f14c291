using EventFlux.Silo.Hosting;

namespace EventFlux.Silo.Api;

/// <summary>What the API lets its callers do.</summary>
public sealed record ApiOptions
{
    /// <summary>Tickets that one booking, or one waitlist entry, may ask for. Default 10.</summary>
    public int MaxTicketsPerUser { get; init; } = 10;

    /// <summary>Requests that the silo has under way at the most. The default is about a quarter of a second of
    /// work.</summary>
    public int MaxConcurrentRequests { get; init; } = DefaultMaxConcurrentRequests;

    /// <summary>How long a request may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = ServerLimits.RequestTimeout;

    /// <summary>Origins whose pages may call the API from a browser; none by default.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Grows with the machine, as what it can do in that time does.</summary>
    public static int DefaultMaxConcurrentRequests { get; } = 1024 * Environment.ProcessorCount;

    public static ApiOptions From(SiloOptions options) => new()
    {
        MaxConcurrentRequests = options.MaxConcurrentRequests,
        MaxTicketsPerUser = options.MaxTicketsPerUser,
        CorsOrigins = options.CorsOrigins,
    };
}
