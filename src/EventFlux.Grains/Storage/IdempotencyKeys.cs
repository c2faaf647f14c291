namespace EventFlux.Grains.Storage;

/// <summary>What a key led to the first time.</summary>
/// <param name="RequestHash">SHA-256 of that request's meaning.</param>
/// <param name="ResourceId">The booking, waitlist entry or hold.</param>
public sealed record RememberedRequest(ReadOnlyMemory<byte> RequestHash, Guid ResourceId);

/// <summary>Reads the keys that events' commits have kept.</summary>
public sealed class IdempotencyKeys(Database database)
{
    /// <summary>Keys of bookings; the waitlist has keys of its own.</summary>
    public const string BookingScope = "booking";

    /// <summary>Keys of waitlist entries.</summary>
    public const string WaitlistScope = "waitlist";

    /// <summary>Keys of holds.</summary>
    public const string HoldScope = "hold";

    private const string ByKey =
        "SELECT request_hash, resource_id FROM idempotency_keys WHERE user_id = $1 AND scope = $2 AND key = $3";

    /// <summary>What the user's key led to, or null.</summary>
    public Task<RememberedRequest?> FindAsync(
        Guid userId, string scope, string key, CancellationToken cancellationToken) =>
        database.As(userId).FirstAsync(
            batch => batch.Add(ByKey).With(userId).With(scope).With(key),
            row => new RememberedRequest(row.GetFieldValue<byte[]>(0), row.GetGuid(1)),
            cancellationToken);
}
