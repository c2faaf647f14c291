using System.Security.Cryptography;
using System.Text;

namespace EventFlux.Silo.Hosting;

/// <summary>What PostgreSQL keeps of a password (SCRAM-SHA-256, RFC 5802). Sent in the password's place, so that no
/// statement, and no log of statements, holds the password.</summary>
internal static class ScramVerifier
{
    // PostgreSQL's own defaults.
    private const int Iterations = 4096;
    private const int SaltBytes = 16;

    public static string Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            password.Normalize(NormalizationForm.FormKC), salt, Iterations, HashAlgorithmName.SHA256,
            SHA256.HashSizeInBytes);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}"
            + $"${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
