using System.Globalization;
using EventFlux.Grains.Storage;
using Microsoft.Extensions.Primitives;

namespace EventFlux.Silo.Api;

/// <summary>
/// Reads a request's query strictly: parameters that nobody asked for, given twice or of a wrong form are faults. All
/// faults are collected; ask for <see cref="Problem"/> after the last parameter was read.
/// </summary>
internal sealed class QueryReader(HttpRequest request)
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 100;
    /// <summary>How far a report looks back when nothing is said.</summary>
    public const int DefaultDays = 30;


    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _faults = [];

    /// <summary>Every fault found, unknown parameters included; null when there is none.</summary>
    public Problem? Problem
    {
        get
        {
            foreach (var name in request.Query.Keys.Where(name => !_known.Contains(name)))
                Fault(name, "is not known here");
            return _faults.Count == 0 ? null : Problems.Validation(_faults);
        }
    }

    /// <summary><c>limit</c>, and one of <c>page</c> and <c>cursor</c>.</summary>
    public PageRequest Page()
    {
        var (number, limit) = (Integer("page", 1, int.MaxValue), Integer("limit", 1, MaxLimit) ?? DefaultLimit);
        if (Text("cursor", Cursors.MaxLength) is not { } cursor) return new(number ?? 1, limit);

        if (number is not null) Fault("cursor", "can't be given together with page");
        var place = request.HttpContext.RequestServices.GetRequiredService<Cursors>().Open(request, cursor);
        if (place is null) Fault("cursor", "is none of this list with these filters");
        return new(1, limit, place);
    }

    public int? Integer(string name, int minimum, int maximum)
    {
        if (Text(name) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= minimum && value <= maximum) return value;
        Fault(name, $"must be a whole number from {minimum} to {maximum}");
        return null;
    }

    /// <summary>A whole number that isn't negative.</summary>
    public long? Long(string name)
    {
        if (Text(name) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return value;
        Fault(name, "must be a whole number from 0");
        return null;
    }

    public bool? Boolean(string name)
    {
        switch (Text(name))
        {
            case null: return null;
            case "true": return true;
            case "false": return false;
            default:
                Fault(name, "must be true or false");
                return null;
        }
    }

    /// <summary>An instant, or a day: its begin (UTC), or with <paramref name="end"/> the begin of the next.</summary>
    public DateTimeOffset? InstantOrDay(string name, bool end = false)
    {
        if (Text(name) is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day == DateOnly.MaxValue && end
                ? DateTimeOffset.MaxValue
                : new(day.AddDays(end ? 1 : 0), TimeOnly.MinValue, TimeSpan.Zero);
        if (Rfc3339.TryParse(text, out var instant))
            // Both ends belong to the range; instants are whole microseconds.
            return end && instant < DateTimeOffset.MaxValue.AddDays(-1) ? instant.AddMicroseconds(1) : instant;
        Fault(name, "must be a day such as 2030-05-01 or an RFC 3339 timestamp with an offset");
        return null;
    }

    /// <summary>An id.</summary>
    public Guid? Id(string name)
    {
        if (Text(name) is not { } text) return null;
        if (Guid.TryParseExact(text, "D", out var id)) return id;
        Fault(name, "must be a UUID");
        return null;
    }

    /// <summary>So many days, today last.</summary>
    public DayRange Days(DateOnly today)
    {
        const int Most = 365;
        return DayRange.LastDays(today, Integer("days", 1, Most) ?? DefaultDays);
    }

    /// <summary>A currency's code.</summary>
    public string? Currency()
    {
        const string Name = "currency";
        if (Text(Name) is not { } text) return null;
        if (text.Length == 3 && text.All(char.IsAsciiLetterUpper)) return text;
        Fault(Name, "must be three capital letters (ISO 4217)");
        return null;
    }

    /// <summary>One of a few words.</summary>
    /// <param name="choices">The words, and what each stands for.</param>
    public T? Choice<T>(string name, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct
    {
        if (Text(name) is not { } text) return null;
        var words = new List<string>();
        foreach (var (word, value) in choices)
        {
            if (word == text) return value;
            words.Add(word);
        }

        Fault(name, $"must be one of {string.Join(", ", words)}");
        return null;
    }

    /// <summary>What was typed into a box; null when that is nothing.</summary>
    /// <inheritdoc cref="Text" path="/param"/>
    public string? Words(string name, int maxLength = 255) =>
        Text(name, maxLength) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>A parameter as it stands; null when it is not there.</summary>
    /// <param name="maxLength">In characters.</param>
    public string? Text(string name, int maxLength = 255)
    {
        _known.Add(name);
        var values = request.Query[name];
        if (values.Count == 0) return null;
        if (values.Count > 1)
        {
            Fault(name, "is given more than once");
            return null;
        }

        var text = ((StringValues)values).ToString();
        if (text.Length <= maxLength && Validation.IsPrintable(text)) return text;
        Fault(name, $"must be printable text of at most {maxLength} characters");
        return null;
    }

    private void Fault(string name, string message) => _faults.TryAdd(name, [message]);
}
