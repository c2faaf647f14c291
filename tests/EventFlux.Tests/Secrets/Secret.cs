using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EventFlux.Tests.Secrets;

/// <summary>Something that may not be read anywhere, in all the forms in which it might be.</summary>
/// <param name="Name">For the report: the value itself is not repeated there either.</param>
internal sealed record Secret(string Name, string Value)
{
    /// <summary>Asserts that the text holds none of them.</summary>
    /// <param name="where">What the text is.</param>
    public static void AssertNone(IEnumerable<Secret> secrets, string text, string where)
    {
        var found = from secret in secrets
                    from form in secret.Forms()
                    let at = text.IndexOf(form.Text, StringComparison.Ordinal)
                    where at >= 0
                    select $"{secret.Name} as {form.Name} in {where}: {Around(text, at)}";
        Assert.Empty(found);
    }

    private IEnumerable<(string Name, string Text)> Forms()
    {
        var bytes = Encoding.UTF8.GetBytes(Value);
        var percent = Uri.EscapeDataString(Value);
        return
        [
            ("plain text", Value),
            ("plain text in JSON", JsonSerializer.Serialize(Value).Trim('"')),
            ("a part of a URL", percent),
            ("a part of a URL in small letters", percent.ToLower(CultureInfo.InvariantCulture)),
            ("hexadecimal", Convert.ToHexString(bytes)),
            ("hexadecimal in small letters", Convert.ToHexStringLower(bytes)),
            .. Base64Forms(bytes),
        ];
    }

    /// <summary>Wherever it begins within what was encoded. The ends, which depend on the neighbours, are left
    /// out.</summary>
    private static IEnumerable<(string Name, string Text)> Base64Forms(byte[] bytes)
    {
        for (var offset = 0; offset < 3; offset++)
        {
            var text = Convert.ToBase64String([.. new byte[offset], .. bytes]).TrimEnd('=');
            var sure = text[(offset == 0 ? 0 : 4)..^2];
            yield return ("base64", sure);
            yield return ("base64 for URLs", sure.Replace('+', '-').Replace('/', '_'));
        }
    }

    private static string Around(string text, int at)
    {
        var line = text[(text.LastIndexOf('\n', at) + 1)..];
        return line[..Math.Min(line.Length, 200)];
    }
}
