using System.Diagnostics;
using System.Globalization;
using EventFlux.Benchmarks.Load;

namespace EventFlux.Benchmarks;

/// <summary>The same with something and without it, side by side.</summary>
internal static class PairedRounds
{
    /// <summary>A round to warm up, then those that count.</summary>
    /// <returns>A line of a table: medians in microseconds, and the median, least and greatest of the rounds'
    /// ratios.</returns>
    public static async Task<string> MeasureAsync(
        string name, Func<Task> with, Func<Task> without, ScenarioOptions options)
    {
        await CompareAsync(with, without, options.Round);
        var rounds = new List<(double With, double Without)>();
        for (var round = 0; round < options.Rounds; round++)
            rounds.Add(await CompareAsync(with, without, options.Round));
        return string.Create(CultureInfo.InvariantCulture, $"""
            | {name} | {Median(rounds, r => r.With):F0} | {Median(rounds, r => r.Without):F0} | {
                Median(rounds, r => r.With / r.Without):F2} ({rounds.Min(r => r.With / r.Without):F2} to {
                rounds.Max(r => r.With / r.Without):F2}) |
            """);
    }

    /// <summary>One with, one without, and the other way round: whatever else the machine does meets both
    /// alike.</summary>
    /// <returns>Medians, in microseconds.</returns>
    private static async Task<(double With, double Without)> CompareAsync(
        Func<Task> with, Func<Task> without, TimeSpan duration)
    {
        var (withs, withouts) = (new List<double>(), new List<double>());
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < duration;)
        {
            withs.Add(await TimeAsync(with));
            withouts.Add(await TimeAsync(without));
            withouts.Add(await TimeAsync(without));
            withs.Add(await TimeAsync(with));
        }

        return (Median(withs, time => time), Median(withouts, time => time));
    }

    private static async Task<double> TimeAsync(Func<Task> operation)
    {
        var started = Stopwatch.GetTimestamp();
        await operation();
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }

    private static double Median<T>(List<T> rounds, Func<T, double> figure) => Medians.Of(rounds.Select(figure));
}
