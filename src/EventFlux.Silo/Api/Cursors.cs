using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventFlux.Silo.Hosting;

namespace EventFlux.Silo.Api;

/// <summary>
/// Places in lists as clients hold them: sealed, so that nobody can make one up, and good for the list and the filters
/// that made them alone. A seal holds on every silo and for as long as the secret that signs tokens.
/// </summary>
internal sealed class Cursors(SiloOptions options)
{
    /// <summary>More than the longest name makes of one.</summary>
    public const int MaxLength = 2048;

    private const int SealBytes = 16;

    /// <summary>What says which part of the list is asked for, and not of which list.</summary>
    private static readonly string[] Paging = ["page", "limit", "cursor"];

    /// <summary>The first seals; the second is there while the secret is changed, as with tokens.</summary>
    private readonly byte[][] _keys =
        [.. new[] { options.JwtSecret, options.JwtSecretPrevious }.Where(secret => !secret.IsEmpty).Select(KeyOf)];

    /// <summary>A cursor to go on behind the place in the list that was asked for.</summary>
    public string Seal(HttpRequest request, string place) =>
        Base64Url.EncodeToString([.. SealOf(_keys[0], request, place), .. Encoding.UTF8.GetBytes(place)]);

    /// <summary>The place; null when the cursor is none of this list with these filters.</summary>
    public string? Open(HttpRequest request, string cursor)
    {
        if (!Base64Url.IsValid(cursor, out var length) || length < SealBytes) return null;
        var bytes = Base64Url.DecodeFromChars(cursor);
        var place = Encoding.UTF8.GetString(bytes, SealBytes, length - SealBytes);
        return _keys.Any(key => CryptographicOperations.FixedTimeEquals(
            bytes.AsSpan(0, SealBytes), SealOf(key, request, place)))
            ? place
            : null;
    }

    /// <summary>Derived, so that what is sealed here can never pass for a token.</summary>
    private static byte[] KeyOf(ReadOnlyMemory<byte> secret) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, secret.ToArray(), HMACSHA256.HashSizeInBytes, info: "cursors"u8.ToArray());

    private static byte[] SealOf(byte[] key, HttpRequest request, string place)
    {
        var filters = request.Query.Where(parameter => !Paging.Contains(parameter.Key))
            .OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
            .SelectMany(parameter => (string[])[parameter.Key, parameter.Value.ToString()]);
        // As JSON, so that no text can end where another begins.
        string[] sealedTexts = [request.Path.ToString().ToLowerInvariant().TrimEnd('/'), .. filters, place];
        return HMACSHA256.HashData(key, JsonSerializer.SerializeToUtf8Bytes(sealedTexts))[..SealBytes];
    }
}
