using System.Globalization;

namespace EventFlux.Silo.Api;

/// <summary>A column of a CSV file.</summary>
/// <param name="Cell">Its text in a row, fit to stand in a file.</param>
internal sealed record CsvColumn<TRow>(string Name, Func<TRow, string> Cell)
{
    /// <summary>What somebody typed, made safe.</summary>
    public static CsvColumn<TRow> Text(string name, Func<TRow, string?> text) =>
        new(name, row => CsvCells.Safe(text(row)));

    /// <summary>A number, an id or a word of ours: nothing that a spreadsheet could take for more, and kept as it is so
    /// that sums can be made of it.</summary>
    public static CsvColumn<TRow> Ours(string name, Func<TRow, IFormattable> value) =>
        new(name, row => value(row).ToString(null, CultureInfo.InvariantCulture));

    /// <summary>Empty where there is none.</summary>
    public static CsvColumn<TRow> Amount(string name, Func<TRow, decimal?> amount) =>
        new(name, row => amount(row)?.ToString("F2", CultureInfo.InvariantCulture) ?? "");

    public static CsvColumn<TRow> Day(string name, Func<TRow, DateOnly> day) =>
        new(name, row => day(row).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>RFC 3339, as everywhere; empty where there is none.</summary>
    public static CsvColumn<TRow> Instant(string name, Func<TRow, DateTimeOffset?> instant) =>
        new(name, row => instant(row) is { } at ? Rfc3339.Format(at) : "");
}
