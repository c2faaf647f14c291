using System.Collections.Concurrent;

namespace EventFlux.Tests.Chaos;

/// <summary>What the cluster has promised: every acknowledged sale, cancellation and place in a queue. It is compared
/// with the database at the end. Safe for concurrent use.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentQueue<Sale> _cancellable = new();
    private readonly ConcurrentQueue<Place> _waiting = new();

    public ConcurrentBag<Sale> Sales { get; } = [];

    public ConcurrentBag<Place> Places { get; } = [];

    public void Add(Sale sale)
    {
        Sales.Add(sale);
        _cancellable.Enqueue(sale);
    }

    public void Add(Place place)
    {
        Places.Add(place);
        Return(place);
    }

    /// <summary>A sale that nobody has tried to cancel yet; from now on it is the caller's.</summary>
    public Sale? TakeCancellable() => _cancellable.TryDequeue(out var sale) ? sale : null;

    /// <summary>Somebody who waits; until it is returned nobody else acts for that user.</summary>
    public Place? TakeWaiting() => _waiting.TryDequeue(out var place) ? place : null;

    public void Return(Place place) => _waiting.Enqueue(place);
}

/// <summary>An acknowledged booking.</summary>
internal sealed record Sale(Guid BookingId, Guid UserId, Guid EventId, int Quantity)
{
    /// <summary>What is known of its cancellation.</summary>
    public Request Cancellation { get; set; }
}

/// <summary>How far a request to end something has come, as its client sees it.</summary>
internal enum Request
{
    /// <summary>Nobody asked: it must not have ended so.</summary>
    None,

    /// <summary>Asked, and never answered: both are right.</summary>
    Unknown,

    /// <summary>Acknowledged: it must have ended.</summary>
    Acknowledged,
}

/// <summary>An acknowledged place in a queue.</summary>
internal sealed record Place(Guid EntryId, Guid UserId, Guid EventId, int Quantity)
{
    /// <summary>What is known of the user's leaving.</summary>
    public Request Departure { get; set; }
}
