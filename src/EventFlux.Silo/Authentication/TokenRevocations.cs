using System.Collections.Concurrent;

namespace EventFlux.Silo.Authentication;

/// <summary>
/// Which tokens count no more: for each user whose credentials changed, the least version that is still valid. Kept
/// in memory because every request asks; <see cref="RevocationFeed"/> keeps it in step with the database. Safe for
/// concurrent use.
/// </summary>
/// <remarks>An entry is forgotten when every token that it revokes is too old to be accepted, so the map holds the
/// users who changed their credentials within <see cref="TokenOptions.MaximumAge"/>, and no more.</remarks>
public sealed class TokenRevocations(TokenOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, Revocation> _revocations = new();

    /// <summary>How many users have revoked tokens.</summary>
    public int Count => _revocations.Count;

    /// <summary>Whether a token of this user with this version is revoked.</summary>
    public bool IsRevoked(Guid userId, int version) =>
        _revocations.TryGetValue(userId, out var revocation) && version < revocation.LeastVersion;

    /// <summary>Revokes the user's tokens of versions below this one. Repeating it, or coming late with an older
    /// version, changes nothing.</summary>
    public void Revoke(Guid userId, int leastVersion)
    {
        // By the time of hearing, not of the change: later, and by the one clock that also judges the tokens' age.
        var revocation = new Revocation(leastVersion, time.GetUtcNow() + options.MaximumAge + TokenOptions.Leeway);
        _revocations.AddOrUpdate(
            userId,
            static (_, added) => added,
            static (_, known, added) => added.LeastVersion > known.LeastVersion ? added : known,
            revocation);
    }

    /// <summary>Drops what no acceptable token is left for.</summary>
    public void Forget()
    {
        var now = time.GetUtcNow();
        foreach (var entry in _revocations)
        {
            // Only this very entry: a newer one may have taken its place meanwhile.
            if (entry.Value.ForgetAt <= now) _revocations.TryRemove(entry);
        }
    }

    private readonly record struct Revocation(int LeastVersion, DateTimeOffset ForgetAt);
}
