using System.Diagnostics;

namespace EventFlux.Benchmarks.Load;

/// <summary>Workers that each do one thing after the other, the next when the one before is done.</summary>
internal static class ClosedLoop
{
    /// <param name="once">Does one thing, for that worker, and answers when it began, by <see cref="Stopwatch"/>; null
    /// when nothing is left to do.</param>
    /// <param name="duration">Nothing is begun after it; null: until nothing is left.</param>
    public static async Task<Round> RunAsync(
        int workers, ProcessorClock processors, Func<int, ValueTask<long?>> once, TimeSpan? duration)
    {
        var latencies = new List<float>[workers];
        var (before, started) = (processors.Read(), Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, workers).Select(WorkAsync));
        var (elapsed, used) = (Stopwatch.GetElapsedTime(started), processors.Read() - before);

        float[] sorted = [.. latencies.SelectMany(own => own)];
        Array.Sort(sorted);
        return sorted.Length == 0
            ? throw new InvalidOperationException("Nothing was done in a round.")
            : new(sorted.Length, elapsed, sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)], used);

        async Task WorkAsync(int worker)
        {
            var own = latencies[worker] = new(16_384);
            while (duration is null || Stopwatch.GetElapsedTime(started) < duration)
            {
                if (await once(worker) is not { } begun) return;
                own.Add((float)Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        }
    }
}
