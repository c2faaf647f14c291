namespace EventFlux.Benchmarks.Load;

internal static class Medians
{
    public static double Of(IEnumerable<double> values) => values.Order().ToArray() switch
    {
        { Length: var n } sorted when n % 2 == 0 => (sorted[(n / 2) - 1] + sorted[n / 2]) / 2,
        var sorted => sorted[sorted.Length / 2],
    };
}
