namespace EventFlux.Grains.Storage;

/// <summary>What an event has sold, in all and by day, as of one instant.</summary>
/// <param name="Days">In order, empty ones included; amounts in the event's currency.</param>
public sealed record EventReport(EventStats Stats, IReadOnlyList<DailyFigures> Days);
