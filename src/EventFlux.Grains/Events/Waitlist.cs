using System.Collections.Immutable;
using EventFlux.Contracts.Seats;

namespace EventFlux.Grains.Events;

/// <summary>
/// The open entries of one event: those who wait, in the order of joining, and those who hold an offer, by its end.
/// Owned by one <see cref="EventInventory"/>; not safe for concurrent use.
/// </summary>
/// <remarks>
/// The waiting stand in one line for each wish: a quantity, and the sections that will do. The first in the whole queue
/// that what is free suffices for is then the earliest of a few heads, however long the queue is, and anyone can step
/// out of line at once.
/// </remarks>
internal sealed class Waitlist
{
    private static readonly Comparer<WaitlistEntry> ByEnd = Comparer<WaitlistEntry>.Create(
        (a, b) => (a.ExpiresAt!.Value, a.Sequence).CompareTo((b.ExpiresAt!.Value, b.Sequence)));

    private readonly Dictionary<Guid, WaitlistEntry> _byUser = [];
    private readonly Dictionary<(int Quantity, string Sections), SortedDictionary<long, WaitlistEntry>> _lines = [];
    private readonly SortedSet<WaitlistEntry> _offers = new(ByEnd);

    /// <summary>How many wait.</summary>
    public int Waiting => _byUser.Count - _offers.Count;

    /// <summary>How many wait or hold an offer.</summary>
    public int Open => _byUser.Count;

    /// <summary>The offer that ends first, or null.</summary>
    public WaitlistEntry? FirstToExpire => _offers.Min;

    /// <summary>The user's open entry, or null.</summary>
    public WaitlistEntry? Find(Guid userId) => _byUser.GetValueOrDefault(userId);

    /// <summary>The first of each line, in no order; the others of a line want the same.</summary>
    public IEnumerable<WaitlistEntry> Heads => _lines.Values.Select(line => line.First().Value);

    /// <summary>Those that hold an offer.</summary>
    public IEnumerable<WaitlistEntry> Offers => _offers;

    /// <summary>Adds an entry: to the queue, or, when it holds an offer, to the offers.</summary>
    public void Add(WaitlistEntry entry)
    {
        _byUser.Add(entry.UserId, entry);
        if (entry.HoldsOffer) _offers.Add(entry);
        else Enqueue(entry);
    }

    /// <summary>Turns a waiting entry into one that holds an offer.</summary>
    public void Offer(WaitlistEntry entry, DateTimeOffset expiresAt, ImmutableArray<SeatTicket> seats)
    {
        Dequeue(entry);
        (entry.ExpiresAt, entry.Seats) = (expiresAt, seats);
        _offers.Add(entry);
    }

    /// <summary>Takes an entry out, wherever it stands.</summary>
    public void Remove(WaitlistEntry entry)
    {
        _byUser.Remove(entry.UserId);
        if (entry.HoldsOffer) _offers.Remove(entry);
        else Dequeue(entry);
    }

    public void Clear()
    {
        _byUser.Clear();
        _lines.Clear();
        _offers.Clear();
    }

    private void Enqueue(WaitlistEntry entry)
    {
        if (!_lines.TryGetValue(entry.Wish, out var line)) _lines.Add(entry.Wish, line = []);
        line.Add(entry.Sequence, entry);
    }

    private void Dequeue(WaitlistEntry entry)
    {
        var line = _lines[entry.Wish];
        line.Remove(entry.Sequence);
        if (line.Count == 0) _lines.Remove(entry.Wish);
    }
}
