using EventFlux.Contracts.Observability;

namespace EventFlux.Silo.Observability;

/// <summary>Turns what silos tell into what people read. Pure.</summary>
internal static class SiloFigures
{
    public static SiloHealth HealthOf(ClusterMember member, SiloVitals? vitals) => new(
        member.Address.ToParsableString(), member.Name, member.Status, member.StartedAt, member.LastAliveAt,
        vitals is not null, vitals is null ? null : ProcessOf(vitals), vitals is null ? null : RequestsOf(
            [vitals.Requests]));

    public static ProcessHealth ProcessOf(SiloVitals vitals) => new(
        vitals.Version, (long)vitals.Uptime.TotalSeconds, vitals.MemoryBytes, vitals.HeapBytes,
        Rounded(vitals.CpuPercent / Math.Max(1, vitals.Processors)), vitals.Processors);

    /// <summary>Of several silos together: their counts are added up, so quantiles are of all requests.</summary>
    public static RequestHealth RequestsOf(IEnumerable<RequestTally> tallies)
    {
        var (counts, failed, underWay) = (new long[LogBuckets.Count], 0L, 0);
        foreach (var tally in tallies)
        {
            for (var i = 0; i < Math.Min(counts.Length, tally.Buckets.Length); i++) counts[i] += tally.Buckets[i];
            (failed, underWay) = (failed + tally.Failed, underWay + tally.UnderWay);
        }

        var count = counts.Sum();
        return new(
            (int)RequestFigures.Window.TotalSeconds, count, failed,
            count == 0 ? 0m : decimal.Round(100m * failed / count, 2), underWay,
            Quantile(0.50), Quantile(0.95), Quantile(0.99));

        decimal? Quantile(double part) =>
            LogBuckets.Quantile(counts, part) is { } milliseconds ? Rounded(milliseconds) : null;
    }

    private static decimal Rounded(double value) => decimal.Round((decimal)value, 2);
}
