using System.Globalization;
using System.Text;

namespace EventFlux.Tests.Fuzzing;

/// <summary>What clients send that nobody should. None of it holds a word that <see cref="AnswerRules"/> looks for, so
/// an answer that repeats it is no false alarm.</summary>
internal static class HostileValues
{
    /// <summary>In no answer may a header of this name appear: it is what the injected line ends would make.</summary>
    public const string InjectedHeader = "X-Injected";

    /// <summary>Text with every kind of trouble, as UTF-16; lone surrogates included.</summary>
    public static readonly string[] Texts =
    [
        "", " ", "\t", "\0", "a\0b", "\u0001\u001f\u007f\u0085\u009f", "\ud800", "\udc00", "abc\udc00\ud800", "\ud83c",
        "\uffff\ufffe\ufeff", "\u202e\u202d\u200f\u2066", "\u2028\u2029", "\u00a0\u3000\u2003", "e\u0301\u0301\u0301",
        "\u00e9\ufb01\u212b\u1e9b\u0323", "\u0130\u0131\u00df\u017f",
        "\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67",
        "\ud834\udd1e\ud834\udd1e", new('a', 256), new('\u4e2d', 2001), new('a', 20_000), new('\ud7ff', 5000),
        "' or '1'='1", "'; drop table users; --", "\"; --", "') union all values (1) --", "1; pg_sleep(9)", "$1",
        "$$a$$",
        "%s%n%x%d", "{0}{1}", "${jndi:ldap://127.0.0.1/a}", "{{7*7}}", "#{7*7}", "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>", "]]>", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]>",
        "../../../etc",
        "..\\..\\x", "file:///etc", "a\r\nX-Injected: 1\r\n\r\n{}", "%0d%0aX-Injected:%201",
        "\n{\"LogLevel\":\"Error\"}",
        "\u001b[31mred\u001b[0m", "`id`", "$(id)", "; id", "| id", "&& id", "null", "undefined", "NaN", "Infinity",
        "true",
        "-1", "0", "1e9999", "0x10", "1_000", "\u0661\u0662\u0663", "\uff11", "2030-13-45", "2030-02-30T00:00:00Z",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "99999-01-01T00:00:00Z", "2030-01-01T00:00:00+99:99",
        "2030-01-01T00:00:00", "2030-W01-1", "1970-01-01", "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff", "{01970000-0000-7000-8000-000000000001}", "a@b", "a@b.c\r\nbcc: d@e.f",
        "\"a b\"@c.example", "admin", "javascript:alert(1)", "http://127.0.0.1:1/", "http://[::1", "//example.org",
        "*", ".",
        "..", ",,,", ";", "[]", "a[b]=c", "__proto__",
    ];

    /// <summary>Tricks of percent-encoding, as they stand in a target.</summary>
    public static readonly string[] Percents =
    [
        "%", "%zz", "%0", "%00", "%ff%fe", "%c0%af", "%c0%80", "%ed%a0%80", "%f8%88%80%80%80", "%u0041", "%2e%2e%2f",
        "%25252e", "%2f", "%5c", "%3f", "%23", "%0d%0aX-Injected:%201", "%e2%80%ae", "+", "%2b", "%20", "%41", "%uD800",
        "a;b=c", "a=b=c", "%26%3d", "%3b", "\\", "\"", "<>", "{}", "|", "^", "`",
    ];

    /// <summary>JSON that may stand where a member's value stands; some of it is no JSON.</summary>
    public static readonly string[] JsonValues =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "2", "10", "11", "1.5", "0.005", "12.345", "1e2", "1E+2",
        "1e400",
        "-1e400", "1e-400", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
        "79228162514264337593543950336", "1000000.01", "1000001", new('9', 3000), "0." + new string('1', 3000), "01",
        "+1",
        ".5", "1.", "NaN", "Infinity", "-Infinity", "0x10", "1_0", "\"1\"", "\"\"", "\"NaN\"", "{}", "[]", "[1]",
        "[null]",
        "{\"a\":1}", "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", new('[', 3000), "{\"a\":" + new string('[', 500),
        "\"",
        "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"a\nb\"", "\"a\tb\"",
        "'a'",
        "undefined", "", ",", ":", "}", "/**/1", "\"a\" \"b\"", "1 2", "{\"$ref\":\"#\"}", "{\"$type\":\"a\"}",
        "\"\\/\"",
    ];

    public static readonly string[] MemberNames =
    [
        "", "id", "role", "is_admin", "status", "ver", "created_by", "user_id", "price", "total_amount", "__proto__",
        "constructor", "$id", "$type", "$ref", "a.b", "a[0]", "']['", "\0", "\ud800", "\u202e", "\r\nX-Injected: 1",
        new('a', 3000), "\u0435vent_id", "Event_Id", "eventId", " event_id", "event_id ",
    ];

    public static T Pick<T>(this Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>A JSON string of the text. What UTF-8 can't say is written as an escape, and some that it
    /// could.</summary>
    public static string Quote(string text, Random random)
    {
        var json = new StringBuilder("\"");
        var escapesAll = random.Next(4) == 0;
        for (var at = 0; at < text.Length; at++)
        {
            var isPair = char.IsSurrogatePair(text, Math.Min(at, Math.Max(0, text.Length - 2))) && at < text.Length - 1;
            if (isPair && !escapesAll) json.Append(text[at]).Append(text[++at]);
            else if (escapesAll || text[at] is '"' or '\\' or < ' ' || char.IsSurrogate(text[at]))
                json.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:x4}");
            else json.Append(text[at]);
        }

        return json.Append('"').ToString();
    }

    /// <summary>For a target: everything escaped that must be, and some that need not.</summary>
    public static string Percent(string text, Random random)
    {
        var target = new StringBuilder();
        var escapesAll = random.Next(4) == 0;
        foreach (var value in Encoding.UTF8.GetBytes(text))
            _ = !escapesAll && (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_')
                ? target.Append((char)value)
                : target.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        return target.ToString();
    }

    /// <summary>UTF-8, one character a byte.</summary>
    public static string Bytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>As much of the text as a header's line can hold.</summary>
    public static string HeaderText(string text) =>
        Bytes(text).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)
            .Replace("\0", "", StringComparison.Ordinal);
}
