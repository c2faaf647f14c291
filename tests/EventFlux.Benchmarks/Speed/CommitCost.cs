using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks.Speed;

/// <summary>What commits have cost so far, by PostgreSQL's own statistics and the silo's metrics.</summary>
/// <param name="WalBytes">Written to the log.</param>
/// <param name="FullPages">Of those pages that were logged whole, as each is once after a checkpoint.</param>
/// <param name="Blocks">Looked at, in memory or not.</param>
/// <param name="Seconds">From sending a commit to its end, all added up.</param>
internal sealed record CommitCost(double WalBytes, double FullPages, double Blocks, double Commits, double Seconds)
{
    /// <summary>PostgreSQL's backends tell their counts when they were idle for ten seconds.</summary>
    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(11);

    /// <summary>Nothing may be sold meanwhile.</summary>
    public static async Task<CommitCost> ReadAsync(Bench bench)
    {
        await Task.Delay(Telling);
        var metrics = await bench.Silo.Http.GetStringAsync("/metrics");
        return new(
            await bench.CountAsync("SELECT wal_bytes FROM pg_stat_wal"),
            await bench.CountAsync("SELECT wal_fpi FROM pg_stat_wal"),
            await bench.CountAsync(
                "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = current_database()"),
            Metrics.Sum(metrics, "eventflux_commit_duration_seconds_count"),
            Metrics.Sum(metrics, "eventflux_commit_duration_seconds_sum"));
    }

    public static CommitCost operator -(CommitCost after, CommitCost before) => new(
        after.WalBytes - before.WalBytes, after.FullPages - before.FullPages, after.Blocks - before.Blocks,
        after.Commits - before.Commits, after.Seconds - before.Seconds);
}
