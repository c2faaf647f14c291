namespace EventFlux.Grains.Events;

/// <summary>An open hold. Its currency is the event's, which stays while tickets are held.</summary>
internal sealed class TicketHold(
    Guid id, Guid userId, Tickets tickets, DateTimeOffset heldAt, DateTimeOffset expiresAt)
{
    public Guid Id { get; } = id;

    public Guid UserId { get; } = userId;

    public Tickets Tickets { get; } = tickets;

    public DateTimeOffset HeldAt { get; } = heldAt;

    /// <summary>From this instant on it holds nothing.</summary>
    public DateTimeOffset ExpiresAt { get; set; } = expiresAt;

    public bool IsExtended { get; set; }
}
