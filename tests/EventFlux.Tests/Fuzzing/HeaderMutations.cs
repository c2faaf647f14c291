using System.Globalization;
using System.Text;

namespace EventFlux.Tests.Fuzzing;

/// <summary>What can be wrong with a request's headers and with how its body is framed.</summary>
internal static class HeaderMutations
{
    private static readonly string[] ContentTypes =
    [
        "", "application/json; charset=utf-16", "application/json; charset=\"utf-8\"",
        "application/json; charset=latin1",
        "application/json; charset=", "APPLICATION/JSON", "application/problem+json", "application/vnd.x+json",
        "text/json",
        "text/plain", "text/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "*/*",
        "application/json, text/plain", "application/json;;;", "application", "/", ";", "application/json\t", "\xff",
    ];

    /// <summary>Headers that frameworks and proxies listen to, and values that make no sense there.</summary>
    private static readonly string[] Names =
    [
        "Accept", "Accept-Encoding", "Accept-Language", "Accept-Charset", "Cookie", "Origin", "Referer", "User-Agent",
        "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Range", "Cache-Control",
        "Pragma", "Idempotency-Key", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix",
        "Forwarded", "X-Real-IP", "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override", "X-Method-Override",
        "traceparent", "tracestate", "baggage", "X-Request-Id", "Request-Id", "Correlation-Context", "Max-Forwards",
        "Via",
        "Access-Control-Request-Method", "Access-Control-Request-Headers", "Prefer", "Sec-Fetch-Site", "Date", "From",
        "DNT",
    ];

    private static readonly string[] Values =
    [
        "*", "\"", "\"\"", "W/\"\"", "W/", "\"1.1\"", "\"1.1\", \"2.2\", *", "gzip;q=9", "*;q=0", "identity;q=0",
        "br, gzip",
        "text/html", "application/xml;q=0.1", "bytes=0-0", "bytes=9-1,,", "Thu, 01 Jan 1970 00:00:00 GMT", "no-cache",
        "only-if-cached", "127.0.0.1", "::1", "1.2.3.4, 5.6.7.8, unknown, _x", "999.1.1.1", "for=\"[::1]\";proto=x",
        "DELETE",
        "/api/events", "https://elsewhere.example", "null", "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff",
        "00-00000000000000000000000000000000-0000000000000000-00", "a=b=c;;=", "0", "-1", "99999999999999999999",
    ];

    public static readonly Mutation[] All =
    [
        new("another content type", (draft, random) => draft.SetHeader("Content-Type", random.Pick(ContentTypes))),
        new("no content type", (draft, _) => draft.Headers.RemoveAll(header => header.Name == "Content-Type")),
        new("a telling header", (draft, random) => draft.Headers.Add((random.Pick(Names), random.Pick(Values)))),
        new("a hostile header", (draft, random) => draft.Headers.Add(
            (random.Pick(Names), HostileValues.HeaderText(random.Pick(HostileValues.Texts))))),
        new("a header twice", (draft, random) =>
        {
            var name = random.Pick(Names);
            draft.Headers.AddRange([(name, random.Pick(Values)), (name, random.Pick(Values))]);
        }),
        new("an odd idempotency key", (draft, random) => draft.SetHeader(
            "Idempotency-Key",
            random.Pick(["", " ", "a", new('k', 255), new('k', 256), "\xc3\xa9", "a,b", "\"a\"", "a\tb", "' or 1=1"]))),
        new("an odd condition", (draft, random) => draft.SetHeader(
            random.Pick(["If-Match", "If-None-Match"]), random.Pick(Values))),
        new("another token", (draft, random) => draft.SetHeader("Authorization", random.Pick([
            "", "Bearer", "Bearer ", "bearer x", "Basic YTpi", "Bearer a.b.c", "Bearer ..",
            "Bearer " + new string('a', 7000),
            "Bearer eyJhbGciOiJub25lIn0.e30.", "Digest x", "\xff", "Bearer \xff.\xff.\xff", "Bearer a b"]))),
        new("a token twice", (draft, random) =>
            draft.Headers.Add(("Authorization", random.Pick(["Bearer x", "Basic x", ""])))),
        new("many headers", (draft, random) =>
        {
            for (var number = random.Pick([50, 99, 200]); number > 0; number--) draft.Headers.Add(($"X-{number}", "1"));
            draft.Break();
        }),
        new("a long header", (draft, random) =>
        {
            draft.Headers.Add(("X-Long", new string('h', random.Pick([5000, 20_000, 33_000]))));
            draft.Break();
        }),
        new("a header that is none", (draft, random) =>
        {
            draft.Headers.Add(random.Pick([
                ("", "x"), ("X y", "x"), ("X\0", "x"), ("\xff", "x"), ("X", "a\0b"), ("X", "a\rb"), ("X", "a\r\n b"),
                (" X", "x"), ("X\t", "x"), ("(", "x"), ("X", "a\nb: c"), ("Content-Length", "1")]));
            draft.Break();
        }),
        new("another host", (draft, random) =>
        {
            draft.Headers.RemoveAll(header => header.Name == "Host");
            foreach (var host in random.Pick<string[]>([
                [], [""], ["a", "b"], ["elsewhere.example"], ["a b"], ["a:99999"], ["[::1"], ["\xff"], ["a/b"], ["@"]]))
                draft.Headers.Add(("Host", host));
            draft.Break();
        }),
        new("an upgrade", (draft, random) =>
        {
            draft.Headers.AddRange([("Upgrade", random.Pick(["h2c", "websocket", "x"])), ("Connection", "Upgrade"),
                ("HTTP2-Settings", "AAMAAABkAAQCAAAAAAIAAAAA"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                ("Sec-WebSocket-Version", "13")]);
            draft.Break();
        }),
        new("an odd connection", (draft, random) =>
        {
            draft.Headers.Add(("Connection", random.Pick(["close", "keep-alive", "X-Y, close", "\"", "Host",
            "upgrade"])));
            draft.Break();
        }),
        new("expects", (draft, random) =>
        {
            draft.Headers.Add(("Expect", random.Pick(["100-continue", "200-ok", "", "100-continue, x"])));
            draft.Break();
        }),
        new("an odd length", (draft, random) => Frame(draft, random, body => (
            ("Content-Length", random.Pick(["-1", "+5", "0x5", "5 5", "5, 5", "1e3", "", "99999999999999999999999",
            "\u00b2"])),
            body))),
        new("shorter than its length", (draft, random) => Frame(
            draft, random, body => (("Content-Length", Number(body.Length + 1 + random.Next(100))), body),
            Ending.Abandon)),
        new("longer than its length", (draft, random) =>
        {
            Frame(draft, random, body => (("Content-Length", Number(body.Length / 2)), body));
        }),
        new("chunked", (draft, random) =>
        {
            Frame(draft, random, body => (("Transfer-Encoding", "chunked"), Chunks(body, random)));
        }),
        new("oddly chunked", (draft, random) => Frame(draft, random, body => (
            ("Transfer-Encoding", random.Pick(["chunked", "Chunked", "chunked, chunked", "gzip, chunked", "x", "",
            "identity"])),
            Encoding.Latin1.GetBytes(random.Pick([
                "zz\r\n", "-1\r\n", "ffffffffffffffff\r\n", "5\r\nab\r\n0\r\n\r\n", "0\r\nX-Injected: 1\r\n\r\n",
                "1;a=b;c=\"\r\n\"\r\n{\r\n0\r\n\r\n", "1\n{\n0\n\n", "0" + new string('0', 5000) + "\r\n\r\n",
                "2 \r\n{}\r\n0\r\n\r\n",
                "00000002\r\n{}\r\n0\r\n\r\n", "2;" + new string('e', 9000) + "\r\n{}\r\n0\r\n\r\n"]))))),
        new("a length and chunks", (draft, random) => Frame(draft, random, body =>
        {
            draft.Headers.Add(("Content-Length", Number(random.Next(200))));
            return (("Transfer-Encoding", "chunked"),
                [.. Chunks(body, random), .. "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"u8]);
        })),
    ];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Frame(
        RequestDraft draft,
        Random random,
        Func<byte[], ((string Name, string Value) Header, byte[] Body)> frame,
        Ending ending = Ending.ReadAndClose)
    {
        var (header, body) = frame(draft.BodyBytes() ?? []);
        (draft.Body, draft.HasLength) = (body, false);
        // What is left over reads as another request, or as several when it holds line ends.
        draft.MaxAnswers = 5;
        draft.Headers.Insert(random.Next(draft.Headers.Count + 1), header);
        draft.Break(ending);
    }

    private static byte[] Chunks(byte[] body, Random random)
    {
        var chunks = new MemoryStream();
        for (var at = 0; at < body.Length;)
        {
            var size = Math.Min(random.Next(1, 40), body.Length - at);
            chunks.Write(Encoding.ASCII.GetBytes(size.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            chunks.Write(body.AsSpan(at, size));
            chunks.Write("\r\n"u8);
            at += size;
        }

        chunks.Write("0\r\n\r\n"u8);
        return chunks.ToArray();
    }
}
