using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EventFlux.Tests.Fuzzing;

/// <summary>Tokens, made by hand: good ones, and those that no silo may take.</summary>
internal sealed class ForgedTokens(ReadOnlyMemory<byte> secret, TimeProvider time)
{
    private const string Header = """{"alg":"HS256","typ":"JWT"}""";
    private const int Ways = 16;

    public string Good(Guid user, string role) => Sign(Header, Claims(user, role));

    /// <summary>None of them is good, whatever the random source says.</summary>
    public string Bad(Random random)
    {
        var (user, good) = (Guid.NewGuid(), Good(Guid.NewGuid(), "admin"));
        var parts = good.Split('.');
        return random.Next(Ways) switch
        {
            0 => $"{Base64("""{"alg":"none"}""")}.{parts[1]}.",
            1 => $"{Base64("""{"alg":"None","typ":"JWT"}""")}.{parts[1]}.{parts[2]}",
            2 => Sign("""{"alg":"HS512","typ":"JWT"}""", Claims(user, "admin")),
            3 => Sign("""{"alg":"RS256","typ":"JWT","jku":"http://127.0.0.1:1/"}""", Claims(user, "admin")),
            4 => $"{parts[0]}.{parts[1]}.{parts[2][..^2]}",
            5 => $"{parts[0]}.{parts[1]}.",
            6 => $"{parts[0]}.{Base64(Claims(user, "admin"))}.{parts[2]}",
            7 => $"{parts[0]}.{parts[1]}",
            8 => good + ".x",
            9 => Sign(Header, Claims(user, "admin").Replace("eventflux", "other", StringComparison.Ordinal)),
            10 => Sign(Header, Claims(user, "admin", lifetime: -3600)),
            11 => Sign(Header, "{}"),
            12 => Sign(Header, "not json"),
            13 => Sign(Header, Claims(user, "admin").Replace("\"ver\":1", "\"ver\":\"x\"", StringComparison.Ordinal)),
            14 => Sign(Header, Claims(user, "admin").Replace(user.ToString(), "no-uuid", StringComparison.Ordinal)),
            _ => new string('.', random.Next(5)) + Base64(new string('[', random.Next(3000))),
        };
    }

    private string Claims(Guid user, string role, int lifetime = 3600 * 24)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        return $$"""
            {"iss":"eventflux","aud":"eventflux","sub":"{{user}}","email":"fuzz@example.org","role":"{{role}}","ver":1,
            "iat":{{now - 7200}},"exp":{{now + lifetime}}}
            """;
    }

    private string Sign(string header, string claims)
    {
        var signed = $"{Base64(header)}.{Base64(claims)}";
        return $"{signed}.{Base64(HMACSHA256.HashData(secret.Span, Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Base64(string text) => Base64(Encoding.UTF8.GetBytes(text));

    private static string Base64(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
