using System.Globalization;
using System.Security.Cryptography;
using EventFlux.Grains.Storage;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace EventFlux.Silo.Api;

/// <summary>
/// Strong entity tags. An event's has two parts, <c>"details.counts"</c>: <c>If-None-Match</c> compares the whole,
/// <c>If-Match</c> only the details, so a booking never makes an edit stale.
/// </summary>
internal static class EntityTags
{
    /// <summary>Marks a status that the date has brought about and no commit has written yet.</summary>
    private const string Due = "d";

    /// <summary>The tag of one event as it reads now.</summary>
    public static string Of(EventRow row) => string.Create(
        CultureInfo.InvariantCulture, $"\"{row.DetailsVersion}.{row.CountsVersion}{(row.StatusIsDue ? Due : "")}\"");

    /// <summary>The tag of a body by its bytes.</summary>
    public static string Of(ReadOnlySpan<byte> body) => $"\"{Convert.ToHexStringLower(SHA256.HashData(body)[..16])}\"";

    /// <summary>Whether the client holds this representation already.</summary>
    public static bool IsKnown(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var held)
        && held.Any(value => value.Tag == "*" || value.Tag == tag);

    /// <summary>The details' version that <c>If-Match</c> names.</summary>
    /// <param name="version">Null when any version will do: no header, or <c>*</c>.</param>
    /// <returns>False when the header can't match any version of the event.</returns>
    public static bool TryReadIfMatch(HttpRequest request, out long? version)
    {
        version = null;
        var header = request.Headers.IfMatch;
        if (StringValues.IsNullOrEmpty(header) || header == "*") return true;
        if (!EntityTagHeaderValue.TryParse(header.ToString(), out var tag) || tag.IsWeak) return false;

        var details = tag.Tag.Value!.Trim('"').Split('.')[0];
        if (!long.TryParse(details, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        version = value;
        return true;
    }
}
