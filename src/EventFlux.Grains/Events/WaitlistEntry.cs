namespace EventFlux.Grains.Events;

/// <summary>An open waitlist entry: waiting, or holding an offer.</summary>
internal sealed class WaitlistEntry(Guid id, Guid userId, int quantity, long sequence)
{
    public Guid Id { get; } = id;

    public Guid UserId { get; } = userId;

    public int Quantity { get; } = quantity;

    /// <summary>The place in the order of joining.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>When the entry's offer ends; null while it waits.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public bool HoldsOffer => ExpiresAt is not null;
}
