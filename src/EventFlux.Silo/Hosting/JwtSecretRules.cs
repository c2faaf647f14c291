using System.Text;

namespace EventFlux.Silo.Hosting;

/// <summary>Which secrets may sign tokens. Whoever guesses the secret is admin, so what is easily guessed is refused
/// where it matters.</summary>
internal static class JwtSecretRules
{
    public const int MinimumBytes = 32;

    // A random secret of 32 characters has more than 20 different ones, in hexadecimal more than 10.
    private const int FewestDifferentCharacters = 8;

    private static readonly string[] Giveaways =
        ["secret", "changeme", "change-me", "change_me", "password", "example", "default", "your-", "your_", "12345678",
         "abcdefgh", "qwerty", "eventflux"];

    /// <returns>What is wrong with it, to follow the variable's name; null when it is fine.</returns>
    public static string? Problem(string secret, bool strict)
    {
        var bytes = Encoding.UTF8.GetByteCount(secret);
        if (bytes < MinimumBytes)
            return $"has {bytes} bytes, but must have at least {MinimumBytes} (try `openssl rand -base64 32`)";
        var isWeak = secret.Distinct().Count() < FewestDifferentCharacters
            || Giveaways.Any(word => secret.Contains(word, StringComparison.OrdinalIgnoreCase));
        return strict && isWeak
            ? "is easy to guess, but must be random outside Development (try `openssl rand -base64 32`)"
            : null;
    }
}
