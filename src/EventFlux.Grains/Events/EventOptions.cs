namespace EventFlux.Grains.Events;

/// <summary>How events behave; the same on every silo.</summary>
public sealed record EventOptions
{
    /// <summary>How long an offer holds its tickets. Default 15 minutes.</summary>
    public TimeSpan OfferDuration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a hold lasts, and by how much it can be extended once. Default 10 minutes.</summary>
    public TimeSpan HoldDuration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many requests of one event may wait for a commit; past it they are turned away at once. Default
    /// 4096, about a second's work for one event, so who gets in is answered soon;
    /// those of a call come in together or not at all.</summary>
    public int MaxRequestsUnderWay { get; init; } = 4096;
}
