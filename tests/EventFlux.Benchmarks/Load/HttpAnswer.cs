using System.Buffers.Text;

namespace EventFlux.Benchmarks.Load;

/// <summary>An answer as it came.</summary>
/// <param name="Body">With the sizes of its chunks in between, where it came in chunks; valid until the connection is
/// used again.</param>
internal readonly record struct HttpAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    private static ReadOnlySpan<byte> Start => "HTTP/1.1 "u8;

    /// <summary>Reads an answer of HTTP/1.1; null when more of it has yet to come.</summary>
    /// <exception cref="InvalidOperationException">It is none, or more than one.</exception>
    public static HttpAnswer? Read(ReadOnlyMemory<byte> received)
    {
        var bytes = received.Span;
        var headEnd = bytes.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0) return null;
        if (!bytes.StartsWith(Start) || !Utf8Parser.TryParse(bytes[Start.Length..], out int status, out _))
            throw new InvalidOperationException("An answer is not HTTP/1.1.");

        var bodyStart = headEnd + 4;
        var end = EndOfBody(bytes[..(headEnd + 2)], bytes, bodyStart);
        if (end > bytes.Length) return null;
        if (end < bytes.Length) throw new InvalidOperationException("Something follows an answer.");
        return new(status, received[bodyStart..end]);
    }

    private static int EndOfBody(ReadOnlySpan<byte> head, ReadOnlySpan<byte> bytes, int at)
    {
        var lengthName = "\r\nContent-Length: "u8;
        if (head.IndexOf(lengthName) is >= 0 and var found)
        {
            Utf8Parser.TryParse(head[(found + lengthName.Length)..], out int length, out _);
            return at + length;
        }

        if (head.IndexOf("\r\nTransfer-Encoding: chunked\r\n"u8) < 0) return at;
        while (true)
        {
            var line = bytes[at..].IndexOf("\r\n"u8);
            if (line < 0) return int.MaxValue;
            Utf8Parser.TryParse(bytes[at..], out int size, out _, 'x');
            at += line + 2 + size + 2;
            if (size == 0) return at;
            if (at > bytes.Length) return int.MaxValue;
        }
    }
}
