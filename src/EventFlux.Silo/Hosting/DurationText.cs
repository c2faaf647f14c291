using System.Globalization;

namespace EventFlux.Silo.Hosting;

/// <summary>Durations as <c>90s</c>, <c>15m</c>, <c>24h</c>, <c>7d</c>.</summary>
internal static class DurationText
{
    /// <summary>Null: not a whole positive number with one of the four units, or longer than ten years.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (text.Length < 2
            || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count == 0)
            return null;
        var unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => TimeSpan.Zero,
        };
        return unit == TimeSpan.Zero || unit.TotalSeconds * count > TimeSpan.FromDays(3650).TotalSeconds
            ? null
            : unit * count;
    }
}
