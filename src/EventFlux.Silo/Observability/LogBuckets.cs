namespace EventFlux.Silo.Observability;

/// <summary>
/// Counts durations in buckets that each reach 8 % further than the one before, so that a quantile read from them is
/// off by less than 4 %, whatever the distribution; what lies outside counts in the first and the last. Two arrays of
/// counts are merged by adding them up, and give the same as if all had been counted in one. Pure.
/// </summary>
internal static class LogBuckets
{
    /// <summary>How far a quantile may be off, as a part of itself.</summary>
    public const double RelativeError = 0.04;

    private const double Growth = (1 + RelativeError) / (1 - RelativeError);

    /// <summary>10 µs, shorter than any request takes.</summary>
    private const double Smallest = 0.01;

    /// <summary>A minute, longer than any request may take.</summary>
    private const double Largest = 60_000;

    private static readonly double LogOfGrowth = Math.Log(Growth);

    public static int Count { get; } = IndexWithin(Largest) + 1;

    /// <summary>The bucket of a duration in milliseconds.</summary>
    public static int IndexOf(double milliseconds) =>
        milliseconds <= Smallest ? 0
        : milliseconds >= Largest ? Count - 1
        : IndexWithin(milliseconds);

    /// <summary>The duration in milliseconds that this part of all reaches at most; null when nothing was
    /// counted.</summary>
    /// <param name="part">From 0 to 1: 0.95 for the 95th percentile.</param>
    public static double? Quantile(ReadOnlySpan<long> counts, double part)
    {
        var total = 0L;
        foreach (var count in counts) total += count;
        if (total == 0) return null;

        // The rank of the nearest: the smallest value that so many don't exceed.
        var rank = Math.Max(1, (long)Math.Ceiling(part * total));
        var index = 0;
        for (var seen = counts[0]; seen < rank; seen += counts[index]) index++;
        return Middle(index);
    }

    private static int IndexWithin(double milliseconds) =>
        (int)Math.Ceiling(Math.Log(milliseconds / Smallest) / LogOfGrowth);

    /// <summary>The value that is off by the same part from both ends of a bucket.</summary>
    private static double Middle(int index) => Smallest * Math.Pow(Growth, index) * (1 - RelativeError);
}
