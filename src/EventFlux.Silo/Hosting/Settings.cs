using System.Globalization;
using System.Numerics;

namespace EventFlux.Silo.Hosting;

/// <summary>
/// Reads configuration and collects every fault instead of stopping at the first. A variable that is set to nothing
/// counts as not set. A fault's line names the variable and what is allowed; it repeats the value only where that can't
/// be a secret.
/// </summary>
internal sealed class Settings(IConfiguration configuration)
{
    private readonly List<string> _faults = [];

    public string? Text(string name) => configuration[name]?.Trim() is { Length: > 0 } value ? value : null;

    public bool Has(string name) => Text(name) is not null;

    public T Number<T>(string name, T otherwise, T minimum, T maximum)
        where T : struct, INumber<T>
    {
        if (Text(name) is not { } text)
            return otherwise;
        if (T.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
            return value;
        var kind = typeof(T) == typeof(int) ? "a whole number" : "a number such as 0.5";
        return Fault(name, $"is '{Shorten(text)}', but must be {kind} from {minimum} to {maximum}", otherwise);
    }

    public bool Flag(string name, bool otherwise) => Parsed<bool?>(
        name, otherwise, text => bool.TryParse(text, out var value) ? value : null, "true or false")!.Value;

    /// <param name="name">Of the variable.</param>
    /// <param name="otherwise">When it is not set.</param>
    /// <param name="parse">Null: not understood.</param>
    /// <param name="allowed">Goes on after "must be".</param>
    public T Parsed<T>(string name, T otherwise, Func<string, T?> parse, string allowed)
    {
        if (Text(name) is not { } text)
            return otherwise;
        return parse(text) is { } value
            ? value
            : Fault(name, $"is '{Shorten(text)}', but must be {allowed}", otherwise);
    }

    /// <summary>Notes that <paramref name="name"/> <paramref name="problem"/>, and goes on with a stand-in.</summary>
    public T Fault<T>(string name, string problem, T standIn)
    {
        _faults.Add($"{name} {problem}.");
        return standIn;
    }

    /// <exception cref="StartupException">With a line for each fault.</exception>
    public void ThrowIfFaulty()
    {
        if (_faults.Count > 0)
            throw new StartupException(string.Join(Environment.NewLine, _faults));
    }

    // One line each, whatever someone put into the variable.
    private static string Shorten(string text)
    {
        var line = new string([.. text.Select(character => char.IsControl(character) ? ' ' : character)]);
        return line.Length <= 60 ? line : line[..60] + "...";
    }
}
