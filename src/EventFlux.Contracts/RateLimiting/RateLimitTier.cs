namespace EventFlux.Contracts.RateLimiting;

/// <summary>What a request counts in. The numbers cross between silos: add at the end, never renumber.</summary>
public enum RateLimitTier
{
    /// <summary>Every request but those for health and metrics, by client address.</summary>
    General,

    /// <summary>Registering, logging in and changing a password, by client address.</summary>
    Auth,

    /// <summary>Booking tickets and joining a waitlist, by user.</summary>
    Booking,

    /// <summary>What admins ask for, and writing events, by user.</summary>
    Admin,
}
