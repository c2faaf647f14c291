using System.Text.Json;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Fuzzing;

/// <summary>What a silo in Production may write: lines of JSON, none of them an error, none with a secret.</summary>
internal static class SiloLog
{
    public static IEnumerable<string> FaultsOf(SiloProcess silo, IReadOnlyList<string> secrets)
    {
        if (silo.Errors.Length > 0) yield return $"wrote to its error stream: {silo.Errors}";
        foreach (var line in silo.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (LevelOf(line) is not { } level) yield return $"logged what is no JSON: {line}";
            else if (level is "Error" or "Critical") yield return $"logged an error: {line}";
            if (secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal)))
                yield return $"logged a secret: {line}";
        }
    }

    private static string? LevelOf(string line)
    {
        try
        {
            using var entry = JsonDocument.Parse(line);
            return entry.RootElement.GetProperty("LogLevel").GetString();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
