namespace EventFlux.Grains.Events;

/// <summary>An open hold.</summary>
internal sealed class TicketHold(
    Guid id, Guid userId, Tickets tickets, string currency, DateTimeOffset heldAt, DateTimeOffset expiresAt)
{
    public Guid Id { get; } = id;

    public Guid UserId { get; } = userId;

    public Tickets Tickets { get; } = tickets;

    public string Currency { get; } = currency;

    public DateTimeOffset HeldAt { get; } = heldAt;

    /// <summary>From this instant on it holds nothing.</summary>
    public DateTimeOffset ExpiresAt { get; set; } = expiresAt;

    public bool IsExtended { get; set; }
}
