namespace EventFlux.Grains.Events;

/// <summary>The open holds of one event, one a user, by their ends. Owned by one <see cref="EventInventory"/>; not safe
/// for concurrent use.</summary>
internal sealed class TicketHolds
{
    private static readonly Comparer<TicketHold> ByEnd =
        Comparer<TicketHold>.Create((a, b) => (a.ExpiresAt, a.Id).CompareTo((b.ExpiresAt, b.Id)));

    private readonly Dictionary<Guid, TicketHold> _byUser = [];
    private readonly SortedSet<TicketHold> _byEnd = new(ByEnd);

    /// <summary>The hold that ends first, or null.</summary>
    public TicketHold? FirstToExpire => _byEnd.Min;

    /// <summary>In the order of their ends.</summary>
    public IEnumerable<TicketHold> All => _byEnd;

    /// <summary>The user's hold, or null.</summary>
    public TicketHold? Find(Guid userId) => _byUser.GetValueOrDefault(userId);

    public void Add(TicketHold hold)
    {
        _byUser.Add(hold.UserId, hold);
        _byEnd.Add(hold);
    }

    /// <summary>Once: it is extended then.</summary>
    public void Extend(TicketHold hold, DateTimeOffset expiresAt)
    {
        _byEnd.Remove(hold);
        (hold.ExpiresAt, hold.IsExtended) = (expiresAt, true);
        _byEnd.Add(hold);
    }

    public void Remove(TicketHold hold)
    {
        _byUser.Remove(hold.UserId);
        _byEnd.Remove(hold);
    }
}
