namespace EventFlux.Benchmarks.Load;

/// <summary>All rounds of a side.</summary>
internal sealed record Rounds(string Name, IReadOnlyList<Round> All)
{
    public long Done => All.Sum(round => round.Done);

    public double PerSecond => Median(round => round.PerSecond);

    public double Median(Func<Round, double> figure) => Medians.Of(All.Select(figure));

    /// <summary>The median of the rounds' ratios to the other side's, each beside its neighbour in time.</summary>
    public double Ratio(Rounds other, Func<Round, double> figure) =>
        Medians.Of(All.Zip(other.All, (own, others) => figure(own) / figure(others)));

    public double RateRatio(Rounds other) => Ratio(other, round => round.PerSecond);
}
