namespace EventFlux.Contracts.RateLimiting;

/// <summary>Who is counted, in 128 bits: an address, a user's id, or the hash of a longer name. The same on every
/// silo.</summary>
[GenerateSerializer, Immutable, Alias("eventflux.RateLimitKey")]
public readonly record struct RateLimitKey([property: Id(0)] ulong High, [property: Id(1)] ulong Low);
