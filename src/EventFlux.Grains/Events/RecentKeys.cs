using EventFlux.Contracts;

namespace EventFlux.Grains.Events;

/// <summary>
/// The idempotency keys that an event has used within about the last half minute: longer than a request can be on its
/// way. A repeat looks its key up before it comes here; this catches the one that looked before the first was committed
/// and arrives after what it led to was undone. Older keys are found by the look-up. Used on one grain's scheduler
/// only.
/// </summary>
internal sealed class RecentKeys(TimeProvider time)
{
    private static readonly TimeSpan Generation = TimeSpan.FromSeconds(30);

    private HashSet<(Guid UserId, string Key)> _current = [];
    private HashSet<(Guid UserId, string Key)> _previous = [];
    private long _begun = time.GetTimestamp();

    public void Add(Guid userId, IdempotencyClaim? claim)
    {
        if (claim is null) return;
        Turn();
        _current.Add((userId, claim.Key));
    }

    public bool Contains(Guid userId, IdempotencyClaim? claim)
    {
        if (claim is null) return false;
        Turn();
        return _current.Contains((userId, claim.Key)) || _previous.Contains((userId, claim.Key));
    }

    /// <summary>Two generations, so that forgetting costs nothing: the older one goes as a whole.</summary>
    private void Turn()
    {
        var age = time.GetElapsedTime(_begun);
        if (age < Generation) return;
        _previous = age < 2 * Generation ? _current : [];
        _current = [];
        _begun = time.GetTimestamp();
    }
}
