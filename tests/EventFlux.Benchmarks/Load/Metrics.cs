using System.Globalization;

namespace EventFlux.Benchmarks.Load;

/// <summary>Reads what a silo answers to <c>GET /metrics</c>.</summary>
internal static class Metrics
{
    /// <summary>Of all series of that name.</summary>
    public static double Sum(string metrics, string name)
    {
        var sum = 0.0;
        foreach (var line in metrics.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal)))
        {
            // Behind the labels, if there are any: the value, and perhaps a time.
            var value = line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ');
            sum += double.Parse(line.Contains('}') ? value[0] : value[1], CultureInfo.InvariantCulture);
        }

        return sum;
    }
}
