using System.Text;

namespace EventFlux.Tests.Observability;

/// <summary>A span as OTLP carries it: the members of <c>opentelemetry.proto.trace.v1.Span</c> that tests look at.
/// </summary>
internal sealed record OtlpSpan(
    string Source, string TraceId, string SpanId, string ParentId, string Name,
    IReadOnlyDictionary<string, string> Tags, IReadOnlyList<(string TraceId, string SpanId)> Links)
{
    /// <summary>Of an <c>ExportTraceServiceRequest</c>: resources, their scopes, their spans.</summary>
    public static IEnumerable<OtlpSpan> ReadAll(byte[] request) =>
        from resource in Fields(request)
        where resource.Number == 1
        from scope in Fields(resource.Bytes)
        where scope.Number == 2
        let source = Text(Fields(scope.Bytes).First(field => field.Number == 1).Bytes, 1)
        from span in Fields(scope.Bytes)
        where span.Number == 2
        select Read(source, span.Bytes);

    private static OtlpSpan Read(string source, byte[] span) => new(
        source, Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5),
        Fields(span).Where(field => field.Number == 9)
            .ToDictionary(field => Text(field.Bytes, 1), field => Value(field.Bytes)),
        [.. Fields(span).Where(field => field.Number == 13)
            .Select(field => (Hex(field.Bytes, 1), Hex(field.Bytes, 2)))]);

    /// <summary>Of an attribute, where it is a text.</summary>
    private static string Value(byte[] attribute) =>
        Fields(attribute).Where(field => field.Number == 2).Select(field => Text(field.Bytes, 1)).FirstOrDefault("");

    private static string Text(byte[] message, int number) => Encoding.UTF8.GetString(Bytes(message, number));

    private static string Hex(byte[] message, int number) => Convert.ToHexStringLower(Bytes(message, number));

    private static byte[] Bytes(byte[] message, int number) =>
        Fields(message).Where(field => field.Number == number).Select(field => field.Bytes).FirstOrDefault([]);

    /// <summary>The wire format of protocol buffers; numbers come with no bytes.</summary>
    private static IEnumerable<(int Number, byte[] Bytes)> Fields(byte[] message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message, ref at);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    yield return (number, []);
                    break;
                case 1:
                    at += sizeof(ulong);
                    yield return (number, []);
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    yield return (number, message[at..(at + length)]);
                    at += length;
                    break;
                case 5:
                    at += sizeof(uint);
                    yield return (number, []);
                    break;
                default:
                    throw new InvalidDataException($"Field {number} has wire type {tag & 7}.");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
    }
}
