using System.Text;

namespace EventFlux.Benchmarks.Load;

/// <summary>A request as bytes, but for its token: made once, so that the driver takes next to nothing from the
/// processors that it shares with what it measures. Safe for concurrent use.</summary>
internal sealed class RequestForm
{
    /// <summary>What the longest request of a scenario fits into.</summary>
    public const int MaxBytes = 4096;

    private readonly byte[] _head;
    private readonly byte[] _tail;

    public RequestForm(string method, string target, string body = "")
    {
        var head = $"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n";
        if (body.Length > 0) head += "Content-Type: application/json\r\n";
        if (method != "GET") head += $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n";
        _head = Encoding.UTF8.GetBytes(head);
        _tail = Encoding.UTF8.GetBytes($"\r\n{body}");
    }

    /// <param name="token">Empty for an anonymous request.</param>
    /// <returns>How many bytes it takes.</returns>
    public int Write(ReadOnlySpan<byte> token, Span<byte> target)
    {
        var at = Append(0, _head, target);
        if (!token.IsEmpty)
        {
            at = Append(at, "Authorization: Bearer "u8, target);
            at = Append(at, token, target);
            at = Append(at, "\r\n"u8, target);
        }

        return Append(at, _tail, target);
    }

    private static int Append(int at, ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        bytes.CopyTo(target[at..]);
        return at + bytes.Length;
    }
}
