using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace EventFlux.Silo.Authentication;

/// <summary>The keys of tokens: one signs, one or two verify. Each has an id that its tokens name, so that verifying
/// takes the right one at once; a token that names none, or an unknown one, is tried with each.</summary>
internal static class TokenKeys
{
    private const int IdBytes = 8;

    /// <summary>The key that signs; it also verifies.</summary>
    public static SecurityKey Signing(this TokenOptions options) => KeyOf(options.Secret);

    /// <summary>Every key whose tokens are honoured.</summary>
    public static IReadOnlyList<SecurityKey> Verifying(this TokenOptions options) =>
        options.OtherSecret.IsEmpty ? [KeyOf(options.Secret)] : [KeyOf(options.Secret), KeyOf(options.OtherSecret)];

    private static SymmetricSecurityKey KeyOf(ReadOnlyMemory<byte> secret) =>
        new(secret.ToArray()) { KeyId = IdOf(secret.Span) };

    /// <summary>Follows from the secret, so that all silos say the same, and tells no more of it than a signature
    /// does.</summary>
    private static string IdOf(ReadOnlySpan<byte> secret) =>
        Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, "eventflux key id"u8)[..IdBytes]);
}
