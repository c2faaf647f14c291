using System.Globalization;
using System.Text;

namespace EventFlux.Tests.Chaos;

/// <summary>How much of what a run does.</summary>
/// <param name="FreezeFor">How long a frozen silo stays so.</param>
/// <param name="Drain">How long a stopping silo serves on.</param>
/// <param name="People">Clients at the same time.</param>
/// <param name="Pause">Each client's rest between two calls.</param>
internal sealed record ChaosPlan(
    int Kills, int Freezes, int DatabaseKills, int Releases, TimeSpan FreezeFor, TimeSpan Drain, int People,
    TimeSpan Pause);

/// <summary>What a run has found out.</summary>
internal sealed class ChaosReport
{
    private static readonly (string What, TimeSpan Limit)[] Limits =
    [
        ("kill", TimeSpan.FromSeconds(10)), ("freeze", TimeSpan.FromSeconds(15)),
        ("database kill", TimeSpan.FromSeconds(5)), ("longest 503 without a database", TimeSpan.FromSeconds(2)),
    ];

    private readonly Dictionary<string, List<TimeSpan>> _times = [];

    public Tally Tally { get; set; } = new();

    public Verdict Verdict { get; set; } = new(0, 0, 0, 0, 0);

    public void Add(string what, TimeSpan time)
    {
        if (!_times.TryGetValue(what, out var times)) _times.Add(what, times = []);
        times.Add(time);
    }

    /// <summary>The longest of its kind; zero when it was never measured.</summary>
    private TimeSpan Longest(string what) => _times.TryGetValue(what, out var times) ? times.Max() : TimeSpan.Zero;

    /// <summary>What was promised and not kept, in words.</summary>
    public IEnumerable<string> Broken()
    {
        foreach (var surprise in Tally.Surprises) yield return surprise;
        if (Tally.Unanswered > 0) yield return $"{Tally.Unanswered} calls were never answered.";
        if (!Verdict.IsClean) yield return $"{Verdict}";
        foreach (var (what, limit) in Limits)
            if (Longest(what) > limit) yield return $"{what}: {Longest(what).TotalSeconds:F1} s, more than {limit}.";
    }

    /// <summary>As a table: how often, and minimum, median and maximum in seconds.</summary>
    public string Table()
    {
        var text = new StringBuilder().AppendLine("| | times | min s | median s | max s |")
            .AppendLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var (what, times) in _times)
        {
            var sorted = times.Order().Select(time => time.TotalSeconds).ToArray();
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {what} | {sorted.Length} | {sorted[0]:F1} | {sorted[sorted.Length / 2]:F1} | {sorted[^1]:F1} |");
        }

        return text.ToString();
    }
}
