using EventFlux.Contracts.Events;

namespace EventFlux.Grains.Events;

/// <summary>What an organiser decides about an event: all that the audit log compares.</summary>
internal sealed record EventTerms(EventDetails Details, int Capacity, EventStatus Status);
