using System.Collections.Immutable;
using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Events;

/// <summary>An open waitlist entry: waiting, or holding an offer.</summary>
internal sealed class WaitlistEntry(
    Guid id, Guid userId, int quantity, long sequence, ImmutableArray<string> sections = default)
{
    public Guid Id { get; } = id;

    public Guid UserId { get; } = userId;

    public int Quantity { get; } = quantity;

    /// <summary>The place in the order of joining.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>Codes of the sections that will do; default for all.</summary>
    public ImmutableArray<string> Sections { get; } = sections;

    /// <summary>What the entry's offer holds; default while it waits, and where the event has no seats.</summary>
    public ImmutableArray<SeatTicket> Seats { get; set; }

    /// <summary>When the entry's offer ends; null while it waits.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public bool HoldsOffer => ExpiresAt is not null;

    /// <summary>The same for all that fit wherever one of them does.</summary>
    public (int Quantity, string Sections) Wish { get; } =
        (quantity, sections.IsDefaultOrEmpty ? "" : string.Join(',', sections.Order(StringComparer.Ordinal)));
}
