namespace EventFlux.Contracts;

/// <summary>
/// A client's <c>Idempotency-Key</c> and a fingerprint of what it asked for. Kept in the commit of what it led to, so
/// that a repeat finds the first answer, also after a crash.
/// </summary>
/// <param name="Key">1 to 255 printable characters, unique to the user.</param>
/// <param name="RequestHash">SHA-256 of the request's meaning (not of its bytes).</param>
[GenerateSerializer, Immutable, Alias("eventflux.IdempotencyClaim")]
public sealed record IdempotencyClaim(
    [property: Id(0)] string Key,
    [property: Id(1)] ReadOnlyMemory<byte> RequestHash);
