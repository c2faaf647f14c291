using System.Globalization;

namespace EventFlux.Silo.AdminConsole.Parts;

/// <summary>Reads what is typed into a form; what can't be read is told by the members' names on the wire. Nothing
/// typed is no value, not a fault.</summary>
internal sealed class TypedValues
{
    private readonly Dictionary<string, string[]> _faults = [];

    /// <summary>What could not be read.</summary>
    public IReadOnlyDictionary<string, string[]> Faults => _faults;

    public void Clear() => _faults.Clear();

    public static string? OrNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>UTC.</summary>
    public DateTimeOffset? Instant(string member, string? typed)
    {
        if (OrNull(typed) is not { } text) return null;
        if (DateTime.TryParseExact(
                text.Replace('T', ' '), [EventForm.InstantFormat, "yyyy-MM-dd"], CultureInfo.InvariantCulture,
                DateTimeStyles.None, out var value))
            return new(value, TimeSpan.Zero);
        _faults[member] = ["must be a date and time such as 2030-05-01 18:30"];
        return null;
    }

    public int? Whole(string member, string? typed)
    {
        if (OrNull(typed) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return value;
        _faults[member] = ["must be a whole number"];
        return null;
    }

    public decimal? Number(string member, string? typed)
    {
        if (OrNull(typed) is not { } text) return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            return value;
        _faults[member] = ["must be a number such as 28.50"];
        return null;
    }
}
