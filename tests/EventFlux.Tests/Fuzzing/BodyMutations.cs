using System.IO.Compression;
using System.Text;

namespace EventFlux.Tests.Fuzzing;

/// <summary>A way to spoil a request, by the name that a report calls it.</summary>
internal sealed record Mutation(string Name, Action<RequestDraft, Random> Apply);

/// <summary>What can be wrong with a JSON body: member by member, as a whole, and byte by byte.</summary>
internal static class BodyMutations
{
    private const int TooLarge = 70_000;
    private const int NearlyTooLarge = 60_000;

    /// <summary>Need a body with members.</summary>
    public static readonly Mutation[] OfMembers =
    [
        new("a hostile value", (draft, random) => Change(draft, random, _ => random.Pick(HostileValues.JsonValues))),
        new("a hostile text", (draft, random) => Change(
            draft, random, _ => HostileValues.Quote(random.Pick(HostileValues.Texts), random))),
        new("a hostile text appended", (draft, random) => Change(draft, random, value => value is ['"', .., '"']
            ? value[..^1] + HostileValues.Quote(random.Pick(HostileValues.Texts), random)[1..]
            : value)),
        new("a member missing", (draft, random) => draft.Members.RemoveAt(random.Next(draft.Members.Count))),
        new("a member null", (draft, random) => Change(draft, random, _ => "null")),
        new("a member twice", (draft, random) => Add(draft, random, random.Pick(draft.Members))),
        new("a member twice, once with escapes", (draft, random) =>
        {
            var (name, value) = random.Pick(draft.Members);
            if (name.Length > 2) Add(draft, random, ($"\"\\u{(int)name[1]:x4}{name[2..]}", value));
        }),
        new("a member of another value, too", (draft, random) => Add(
            draft, random, (random.Pick(draft.Members).Name, random.Pick(HostileValues.JsonValues)))),
        new("an unknown member", (draft, random) => Add(
            draft, random,
            (HostileValues.Quote(random.Pick(HostileValues.MemberNames), random),
             random.Pick(HostileValues.JsonValues)))),
        new("a name in capitals", (draft, random) =>
        {
            var at = random.Next(draft.Members.Count);
            draft.Members[at] = (draft.Members[at].Name.ToUpperInvariant(), draft.Members[at].Value);
        }),
        new("no members", (draft, _) => draft.Members.Clear()),
        new("a thousand members", (draft, random) =>
        {
            for (var member = 0; member < 1000; member++) Add(draft, random, ($"\"m{member}\"", "1"));
        }),
    ];

    /// <summary>Need a body.</summary>
    public static readonly Mutation[] OfWhole =
    [
        Rewrite("an array around it", text => $"[{text}]"),
        Rewrite("a string around it", text => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\""),
        Rewrite("null instead", _ => "null"),
        Rewrite("a number instead", _ => "12"),
        Rewrite("nothing", _ => ""),
        Rewrite("blanks", _ => " \r\n\t "),
        Rewrite("cut off", (text, random) => text[..random.Next(text.Length)]),
        Rewrite("a comma behind", text => text.Length > 1 ? $"{text[..^1]},}}" : text),
        Rewrite("a comment", text => $"/* a */ {text} // b"),
        Rewrite("garbage behind", text => text + "garbage"),
        Rewrite("twice", text => text + text),
        Rewrite("deep", _ => new string('[', NearlyTooLarge)),
        Rewrite("deep objects", _ => string.Concat(Enumerable.Repeat("{\"a\":", 10_000))),
        Rewrite("padded", text => text + new string(' ', NearlyTooLarge)),
        Rewrite("form data", _ => "event_id=1&quantity=1"),
        new("too large", (draft, _) =>
        {
            draft.Body = [.. Of(draft), .. Enumerable.Repeat((byte)' ', TooLarge)];
            draft.Ending = Ending.ReadAndClose;
        }),
        new("a byte order mark", (draft, _) => draft.Body = [0xef, 0xbb, 0xbf, .. Of(draft)]),
        new("UTF-16", (draft, random) => draft.Body =
            (random.Next(2) == 0 ? Encoding.Unicode : Encoding.BigEndianUnicode).GetBytes(Text(draft))),
        new("bytes that are no UTF-8", (draft, random) =>
        {
            byte[][] wrong =
                [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xe2, 0x82], [0]];
            var body = Of(draft);
            var at = random.Next(body.Length + 1);
            draft.Body = [.. body[..at], .. random.Pick(wrong), .. body[at..]];
        }),
        new("bytes flipped", (draft, random) =>
        {
            var body = Of(draft);
            for (var flips = random.Next(1, 4); flips > 0 && body.Length > 0; flips--)
                body[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
            draft.Body = body;
        }),
        new("compressed", (draft, random) =>
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Of(draft));
            draft.Body = packed.ToArray();
            draft.Headers.Add(
                ("Content-Encoding", random.Pick(["gzip", "br", "deflate", "identity", "x", "gzip, gzip"])));
        }),
    ];

    private static byte[] Of(RequestDraft draft) => draft.BodyBytes() ?? [];

    private static string Text(RequestDraft draft) => Encoding.UTF8.GetString(Of(draft));

    private static Mutation Rewrite(string name, Func<string, string> rewrite) =>
        Rewrite(name, (text, _) => rewrite(text));

    private static Mutation Rewrite(string name, Func<string, Random, string> rewrite) =>
        new(name, (draft, random) => draft.Body = Encoding.UTF8.GetBytes(rewrite(Text(draft), random)));

    private static void Change(RequestDraft draft, Random random, Func<string, string> change)
    {
        var at = random.Next(draft.Members.Count);
        draft.Members[at] = (draft.Members[at].Name, change(draft.Members[at].Value));
    }

    private static void Add(RequestDraft draft, Random random, (string Name, string Value) member) =>
        draft.Members.Insert(random.Next(draft.Members.Count + 1), member);
}
