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

    /// <summary>Versions of one <c>If-Match</c> that are tried; more is no honest request.</summary>
    private const int MaxVersions = 8;

    /// <summary>The tag of one event as it reads now.</summary>
    public static string Of(EventRow row) => string.Create(
        CultureInfo.InvariantCulture, $"\"{row.DetailsVersion}.{row.CountsVersion}{(row.StatusIsDue ? Due : "")}\"");

    /// <summary>The tag of a body by its bytes.</summary>
    public static string Of(ReadOnlySpan<byte> body) => $"\"{Convert.ToHexStringLower(SHA256.HashData(body)[..16])}\"";

    /// <summary>The tag of the same content in that encoding.</summary>
    public static string Encoded(string tag, string encoding) => $"{tag[..^1]}-{encoding}\"";

    /// <summary>Whether the client holds this representation already.</summary>
    public static bool IsKnown(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var held)
        && held.Any(value => value.Tag == "*" || value.Tag == tag);

    /// <summary>The details' versions that <c>If-Match</c> allows. A null stands for any version: no header, or
    /// <c>*</c>; none at all when the header can't match whatever the event is at.</summary>
    public static IReadOnlyList<long?> ReadIfMatch(HttpRequest request)
    {
        var header = request.Headers.IfMatch;
        if (StringValues.IsNullOrEmpty(header) || header == "*") return [null];
        if (!EntityTagHeaderValue.TryParseList(header, out var tags)) return [];
        return [.. tags.Where(tag => !tag.IsWeak).Select(DetailsOf).Where(version => version is not null).Distinct()
            .Take(MaxVersions)];
    }

    private static long? DetailsOf(EntityTagHeaderValue tag) =>
        long.TryParse(
            tag.Tag.Value!.Trim('"').Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
}
