using System.Globalization;
using System.Text.RegularExpressions;
using EventFlux.Grains.Events;

namespace EventFlux.Silo.Api;

/// <summary>Instants on the wire.</summary>
public static partial class Rfc3339
{
    /// <summary>Reads a date and time with an offset, cut to whole microseconds as the database keeps it.</summary>
    public static bool TryParse(string? text, out DateTimeOffset instant)
    {
        instant = default;
        if (text is null || !Shape().IsMatch(text)) return false;
        if (!DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out instant)) return false;
        instant = instant.ToMicroseconds();
        return true;
    }

    /// <summary>In UTC with a <c>Z</c>; a fraction only where there is one.</summary>
    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
