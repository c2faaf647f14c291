using System.Globalization;

namespace EventFlux.Silo.AdminConsole.Parts;

/// <summary>How the console writes figures: the same for everybody, instants in UTC and said to be.</summary>
internal static class Shown
{
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>1 seat</c> and <c>2 seats</c>: of what takes an s.</summary>
    public static string Count(long number, string one) => $"{Count(number)} {one}{(number == 1 ? "" : "s")}";

    public static string Amount(decimal amount, string currency) =>
        $"{amount.ToString("N2", CultureInfo.InvariantCulture)} {currency}";

    public static string Percent(decimal percent) => $"{percent.ToString("0.#", CultureInfo.InvariantCulture)} %";

    public static string Average(decimal number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Rate(double aSecond) =>
        aSecond.ToString(aSecond < 10 ? "0.0" : "N0", CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    public static string Day(DateOnly day) => day.ToString("d MMM", CultureInfo.InvariantCulture);

    public static string Milliseconds(decimal? milliseconds) =>
        milliseconds is { } some ? $"{some.ToString("0.#", CultureInfo.InvariantCulture)} ms" : "–";

    public static string Bytes(long bytes) =>
        $"{(bytes / 1048576.0).ToString("N0", CultureInfo.InvariantCulture)} MB";

    /// <summary>Such as <c>3 d 4 h</c>: the two largest units.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => $"{(int)span.TotalDays} d {span.Hours} h",
        { TotalHours: >= 1 } => $"{span.Hours} h {span.Minutes} min",
        { TotalMinutes: >= 1 } => $"{span.Minutes} min {span.Seconds} s",
        _ => $"{Math.Max(0, span.Seconds)} s",
    };

    /// <summary>The sign says which way it went.</summary>
    public static string Change(decimal? percent) => percent is { } some
        ? $"{some.ToString("+0.#;−0.#;0", CultureInfo.InvariantCulture)} % to the days before"
        : "nothing in the days before";
}
