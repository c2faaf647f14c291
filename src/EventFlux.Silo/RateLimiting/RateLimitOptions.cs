using EventFlux.Contracts.RateLimiting;

namespace EventFlux.Silo.RateLimiting;

/// <summary>How many requests a tier lets through in each window of its length.</summary>
public readonly record struct RateLimit(int Requests, TimeSpan Window);

/// <summary>The limits of each tier. Every silo must have the same ones: they share out permits.</summary>
public sealed record RateLimitOptions
{
    /// <summary>False turns every limit off.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Requests of a client address. Default 100 in 15 minutes.</summary>
    public RateLimit General { get; init; } = new(100, TimeSpan.FromMinutes(15));

    /// <summary>How many clients of a tier a silo keeps count of, in 40 bytes each; 10.5 MB by default. With more, it
    /// forgets those who asked for the least.</summary>
    public int AccountsPerTier { get; init; } = 262_144;

    public RateLimit Of(RateLimitTier tier) => tier switch
    {
        RateLimitTier.General => General,
        RateLimitTier.Auth => new(10, TimeSpan.FromMinutes(15)),
        RateLimitTier.Booking => new(5, TimeSpan.FromMinutes(1)),
        RateLimitTier.Admin => new(30, TimeSpan.FromMinutes(1)),
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, null),
    };
}
