namespace EventFlux.Benchmarks.Load;

/// <summary>A user with a token, as it goes over the wire.</summary>
internal readonly record struct Caller(Guid UserId, byte[] Token);
