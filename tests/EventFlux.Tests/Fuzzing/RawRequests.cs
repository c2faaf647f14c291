using System.Text;

namespace EventFlux.Tests.Fuzzing;

/// <summary>Bytes on a connection that are no request, or more than one: other protocols, broken lines, smuggling,
/// pipelines.</summary>
internal static class RawRequests
{
    private const string Get = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Post = "POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    /// <summary>One character a byte, and how many answers there may be.</summary>
    private static readonly (string Name, string Bytes, int MaxAnswers)[] All =
    [
        ("a TLS hello", "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + new string('\x7f', 150), 1),
        ("an HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", 1),
        ("an SSH banner", "SSH-2.0-OpenSSH_9.0\r\n", 1),
        ("a PROXY line", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + Get, 1),
        ("NULs", new string('\0', 300), 1),
        ("0xff", new string('\xff', 300), 1),
        ("line ends", string.Concat(Enumerable.Repeat("\r\n", 200)), 1),
        ("line ends before a request", "\r\n\r\n" + Get, 1),
        ("a line without end", new string('A', 20_000), 1),
        ("HTTP/0.9", "GET /health/live\r\n", 1),
        ("HTTP/1.0", "GET /health/live HTTP/1.0\r\n\r\n", 1),
        ("HTTP/1.0 with chunks", "POST /api/auth/login HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 1),
        ("bare line feeds", "GET /health/live HTTP/1.1\nHost: x\n\n", 1),
        ("bare returns", "GET /health/live HTTP/1.1\rHost: x\r\r", 1),
        ("folded headers", "GET /health/live HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n", 1),
        ("a colon with space", "GET /health/live HTTP/1.1\r\nHost : x\r\n\r\n", 1),
        ("no host", "GET /health/live HTTP/1.1\r\n\r\n", 1),
        ("two hosts", "GET /health/live HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 1),
        ("a pipeline", string.Concat(Enumerable.Repeat(Get, 20)), 20),
        ("a pipeline that ends in garbage", Get + Get + "\x01\x02 garbage\r\n\r\n", 3),
        ("a pipeline of posts", string.Concat(Enumerable.Repeat(Post + "Content-Length: 2\r\n\r\n{}", 10)), 10),
        ("length and chunks", Post + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + Smuggled, 1),
        ("chunks and length",
         Post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n2e\r\n" + Smuggled + "\r\n0\r\n\r\n", 1),
        ("chunks, not quite", Post + "Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n" + Smuggled, 1),
        ("chunks after a tab",
         Post + "Transfer-Encoding:\tchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + Smuggled, 1),
        ("chunks twice",
         Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + Smuggled, 1),
        ("chunks behind a fold",
         Post + "Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + Smuggled, 1),
        ("two lengths", Post + "Content-Length: 2\r\nContent-Length: 50\r\n\r\n{}" + Smuggled, 1),
        ("a list of lengths", Post + "Content-Length: 2, 50\r\n\r\n{}" + Smuggled, 1),
        // Kestrel takes the sign, so what follows is the next request.
        ("a length with sign", Post + "Content-Length: +2\r\n\r\n{}" + Get, 2),
        ("a chunk's size too large",
         Post + "Transfer-Encoding: chunked\r\n\r\n1000000000000000002\r\n{}\r\n0\r\n\r\n" + Smuggled, 1),
        ("a chunk with bare line feeds", Post + "Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n" + Smuggled, 1),
        ("a chunk's end missing", Post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n" + Smuggled, 1),
        ("trailers",
         Post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nHost: y\r\nContent-Length: 9\r\n\r\n", 1),
        ("a header's name cut", "GET /health/live HTTP/1.1\r\nHost: x\r\nX-Cut", 1),
        ("a body that stops", Post + "Content-Length: 500\r\n\r\n{\"email\":", 1),
        ("a chunk that stops", Post + "Transfer-Encoding: chunked\r\n\r\nff\r\n{", 1),
    ];

    public static FuzzRequest Make(int number, Random random)
    {
        var (name, bytes, maxAnswers) = random.Pick(All);
        // What waits for the rest of it is left half of the times, and waited with else.
        var isLeft = name.EndsWith("stops", StringComparison.Ordinal) && random.Next(2) == 0;
        return new(
            number, null, Caller.Nobody, name, Encoding.Latin1.GetBytes(bytes), IsBroken: true, IsOffContract: true,
            IsHead: false, isLeft ? Ending.Abandon : Ending.ReadAndClose, maxAnswers);
    }
}
