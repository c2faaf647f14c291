using EventFlux.Silo.Api;

namespace EventFlux.Silo.AdminConsole.Parts;

/// <summary>What stands in an address may have been typed there by anybody.</summary>
internal static class Typed
{
    private const int MaxLength = 255;

    /// <summary>Search words; null when there are none that can be searched for.</summary>
    public static string? Words(string? text) =>
        string.IsNullOrWhiteSpace(text) || text.Length > MaxLength || !Validation.IsPrintable(text)
            ? null
            : text.Trim();
}
