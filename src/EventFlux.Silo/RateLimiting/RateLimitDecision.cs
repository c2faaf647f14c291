namespace EventFlux.Silo.RateLimiting;

/// <summary>Whether a request may pass, and what its caller is told.</summary>
/// <param name="Limit">Requests a window.</param>
/// <param name="Remaining">Left in this window, as far as this silo knows: others may have admitted more.</param>
/// <param name="ResetSeconds">Until the next window begins; 1 or more.</param>
public readonly record struct RateLimitDecision(bool IsAllowed, int Limit, int Remaining, int ResetSeconds)
{
    /// <summary>Where limits are turned off.</summary>
    public static RateLimitDecision Unlimited { get; } = new(true, int.MaxValue, int.MaxValue, 1);
}
