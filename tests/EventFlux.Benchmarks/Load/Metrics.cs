using System.Globalization;

namespace EventFlux.Benchmarks.Load;

/// <summary>Reads what a silo answers to <c>GET /metrics</c>.</summary>
internal static class Metrics
{
    /// <summary>Of all series of that name.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static double Sum(string metrics, string name)
    {
        var (sum, found) = (0.0, false);
        foreach (var line in metrics.Split('\n'))
        {
            if (!line.StartsWith($"{name} ", StringComparison.Ordinal)
                && !line.StartsWith($"{name}{{", StringComparison.Ordinal)) continue;
            // Behind the labels, if there are any: the value, and perhaps a time.
            var value = line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ');
            sum += double.Parse(line.Contains('}') ? value[0] : value[1], CultureInfo.InvariantCulture);
            found = true;
        }

        return found ? sum : throw new InvalidOperationException($"The silo has no metric {name}.");
    }
}
