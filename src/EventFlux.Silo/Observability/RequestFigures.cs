using System.Collections.Immutable;
using EventFlux.Contracts.Observability;

namespace EventFlux.Silo.Observability;

/// <summary>
/// How long this silo's requests of the last five minutes took, and how many it is answering now: a ring of slices of
/// ten seconds, each an array of counts, about 50 KB in all. Safe for concurrent use and without a lock: who comes
/// first in a new slice puts a fresh one into the ring, and who still holds the old one counts in what nobody reads.
/// </summary>
public sealed class RequestFigures(TimeProvider time)
{
    /// <summary>How far back the figures reach; the slice that is being filled counts as whole.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private const int SliceSeconds = 10;

    private readonly Slice?[] _ring = new Slice?[(int)Window.TotalSeconds / SliceSeconds];
    private int _underWay;

    /// <summary>Requests that are being answered.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Admits one more unless there are too many.</summary>
    public bool TryEnter(int limit)
    {
        if (Interlocked.Increment(ref _underWay) <= limit) return true;
        // Given back at once: who is turned away takes nobody's place.
        Interlocked.Decrement(ref _underWay);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _underWay);

    /// <summary>Counts a request that was answered.</summary>
    public void Record(TimeSpan duration, bool failed)
    {
        var slice = Current();
        Interlocked.Increment(ref slice.Counts[LogBuckets.IndexOf(duration.TotalMilliseconds)]);
        if (failed) Interlocked.Increment(ref slice.Failed);
    }

    /// <summary>Everything that the window holds now.</summary>
    public RequestTally Read()
    {
        var (number, counts, failed) = (Number, new long[LogBuckets.Count], 0L);
        foreach (ref var place in _ring.AsSpan())
        {
            if (Volatile.Read(ref place) is not { } slice || number - slice.Number >= _ring.Length) continue;
            for (var i = 0; i < counts.Length; i++) counts[i] += Volatile.Read(ref slice.Counts[i]);
            failed += Volatile.Read(ref slice.Failed);
        }

        return new(UnderWay, failed, ImmutableArray.Create(counts));
    }

    /// <summary>Counts slices since the machine started.</summary>
    private long Number => time.GetTimestamp() / time.TimestampFrequency / SliceSeconds;

    private Slice Current()
    {
        var number = Number;
        ref var place = ref _ring[number % _ring.Length];
        while (true)
        {
            var slice = Volatile.Read(ref place);
            // Later than asked for: this thread was paused between two lines, for longer than a slice.
            if (slice is not null && slice.Number >= number) return slice;
            var fresh = new Slice(number);
            if (Interlocked.CompareExchange(ref place, fresh, slice) == slice) return fresh;
        }
    }

    private sealed class Slice(long number)
    {
        public readonly long Number = number;
        public readonly long[] Counts = new long[LogBuckets.Count];
        public long Failed;
    }
}
