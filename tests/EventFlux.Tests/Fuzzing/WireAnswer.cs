using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EventFlux.Tests.Fuzzing;

/// <summary>An answer as it came over the wire.</summary>
/// <param name="Headers">Every line, in order.</param>
internal sealed record WireAnswer(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public string BodyText => Encoding.UTF8.GetString(Body);

    /// <summary>Nothing more comes on this connection.</summary>
    public bool EndsConnection => Header("Connection") is "close";

    public string? Header(string name) =>
        Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Status} {string.Join("; ", Headers.Select(header => $"{header.Name}: {header.Value}"))}\n"
        + (Body.Length > 600 ? BodyText[..Math.Min(BodyText.Length, 600)] + "..." : BodyText);
}

/// <summary>What came back is no HTTP/1.1.</summary>
internal sealed class WireException(string message) : Exception(message);

/// <summary>Reads answers from a connection, strictly: what a lenient client forgives is a finding here.</summary>
internal sealed class WireReader(NetworkStream stream)
{
    private const int MaxLineBytes = 16 * 1024;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _from, _to;

    /// <summary>Bytes that were read and belong to no answer yet.</summary>
    public bool HasRest => _from < _to;

    /// <returns>Null at the connection's end.</returns>
    /// <exception cref="WireException">It is no answer.</exception>
    public async Task<WireAnswer?> ReadAsync(bool isHead, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await ReadLineAsync(cancellationToken) is not { } first) return null;
            if (first.Length < 12 || !first.StartsWith("HTTP/1.1 ", StringComparison.Ordinal)
                || !int.TryParse(first.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
                throw new WireException($"no status line: {first}");

            var headers = new List<(string Name, string Value)>();
            while (await ReadLineAsync(cancellationToken) is { } line && line.Length > 0)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon < 1) throw new WireException($"no header: {line}");
                headers.Add((line[..colon], line[(colon + 1)..].Trim()));
            }

            if (status is >= 100 and < 200 and not 101) continue;
            var answer = new WireAnswer(status, headers, []);
            return isHead || status is 101 or 204 or 304
                ? answer
                : answer with { Body = await ReadBodyAsync(answer, cancellationToken) };
        }
    }

    private async Task<byte[]> ReadBodyAsync(WireAnswer answer, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        if (answer.Header("Content-Length") is { } length)
        {
            await CopyAsync(body, int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
            return body.ToArray();
        }

        if (answer.Header("Transfer-Encoding") is not "chunked")
        {
            // What HTTP/1.0 is answered ends with its connection.
            if (!answer.EndsConnection) throw new WireException($"no framing: {answer}");
            while (HasRest || await FillAsync(cancellationToken))
                await CopyAsync(body, _to - _from, cancellationToken);
            return body.ToArray();
        }

        while (true)
        {
            var line = await ReadLineAsync(cancellationToken) ?? throw new WireException("the end within a chunk");
            var size = int.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            await CopyAsync(body, size, cancellationToken);
            if (await ReadLineAsync(cancellationToken) is not "") throw new WireException("a chunk without end");
            if (size == 0) return body.ToArray();
        }
    }

    private async Task CopyAsync(MemoryStream body, int count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (!HasRest && !await FillAsync(cancellationToken)) throw new WireException("the end within a body");
            var part = Math.Min(count, _to - _from);
            body.Write(_buffer, _from, part);
            (_from, count) = (_from + part, count - part);
        }
    }

    private async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (!HasRest && !await FillAsync(cancellationToken))
                return line.Length == 0 ? null : throw new WireException($"the end within a line: {line}");
            var next = (char)_buffer[_from++];
            if (next == '\n')
                return line.Length > 0 && line[^1] == '\r'
                    ? line.ToString(0, line.Length - 1)
                    : throw new WireException($"a bare line feed: {line}");
            if (line.Append(next).Length > MaxLineBytes) throw new WireException("a line without end");
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        (_from, _to) = (0, await stream.ReadAsync(_buffer, cancellationToken));
        return _to > 0;
    }
}
