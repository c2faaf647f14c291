using CsCheck;
using EventFlux.Silo.Observability;

namespace EventFlux.Tests.Observability;

/// <summary>Quantiles from counts alone, held against the sorted values themselves.</summary>
public sealed class LogBucketsTests
{
    /// <summary>From 20 µs to 50 s in milliseconds, small ones as often as large ones.</summary>
    private static readonly Gen<double> Duration =
        Gen.Double[Math.Log(0.02), Math.Log(50_000)].Select(Math.Exp);

    private static readonly Gen<double[]> Durations = Gen.OneOf(
        Duration.Array[1, 400],
        // Many alike, as requests are.
        Gen.Select(Duration, Gen.Double[0.9, 1.1].Array[1, 400], (typical, spread) =>
            spread.Select(part => typical * part).ToArray()));

    [Fact]
    public void Quantile_IsOffByFourPercentAtMost() =>
        Gen.Select(Durations, Gen.Double[0, 1]).Sample((values, part) =>
        {
            var exact = Nearest(values, part);
            var estimate = LogBuckets.Quantile(CountsOf(values), part)!.Value;

            // The last digits of a logarithm decide on which side of a bound a value falls.
            Assert.InRange(estimate / exact, 1 - LogBuckets.RelativeError - 1e-9, 1 + LogBuckets.RelativeError + 1e-9);
        });

    [Fact]
    public void Counts_AddedUp_AreThoseOfTheWhole() =>
        Gen.Select(Durations, Durations, Durations).Sample((one, two, three) =>
        {
            var merged = CountsOf(one).Zip(CountsOf(two), (a, b) => a + b)
                .Zip(CountsOf(three), (a, b) => a + b);

            Assert.Equal(CountsOf([.. one, .. two, .. three]), merged);
        });

    [Fact]
    public void Buckets_FollowOnEachOther() =>
        Gen.Select(Duration, Duration).Sample((one, other) =>
            Assert.True(Math.Sign(one - other) * (LogBuckets.IndexOf(one) - LogBuckets.IndexOf(other)) >= 0));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e-9)]
    [InlineData(0.01)]
    public void TooShort_CountsInTheFirst(double milliseconds) => Assert.Equal(0, LogBuckets.IndexOf(milliseconds));

    [Theory]
    [InlineData(60_000)]
    [InlineData(1e12)]
    [InlineData(double.PositiveInfinity)]
    public void TooLong_CountsInTheLast(double milliseconds) =>
        Assert.Equal(LogBuckets.Count - 1, LogBuckets.IndexOf(milliseconds));

    [Fact]
    public void Nothing_HasNoQuantile() => Assert.Null(LogBuckets.Quantile(new long[LogBuckets.Count], 0.5));

    private static long[] CountsOf(IEnumerable<double> values)
    {
        var counts = new long[LogBuckets.Count];
        foreach (var value in values) counts[LogBuckets.IndexOf(value)]++;
        return counts;
    }

    private static double Nearest(double[] values, double part) =>
        values.Order().ElementAt(Math.Max(1, (int)Math.Ceiling(part * values.Length)) - 1);
}
