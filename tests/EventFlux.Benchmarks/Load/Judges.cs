using System.Buffers.Text;
using System.Text;

namespace EventFlux.Benchmarks.Load;

/// <summary>What answers must be.</summary>
internal static class Judges
{
    /// <summary>201, and the body names who asked: the booking or the place in the queue is theirs.</summary>
    public static bool IsCallersOwn(int number, Call call, HttpAnswer answer) =>
        answer.Status == 201 && Names(answer, call.Caller!.Value.UserId);

    /// <summary>409, since the tickets are gone.</summary>
    public static bool IsSoldOut(HttpAnswer answer) =>
        answer.Status == 409 && answer.Body.Span.IndexOf("INSUFFICIENT_AVAILABILITY"u8) >= 0;

    public static bool Names(HttpAnswer answer, Guid id)
    {
        Span<byte> text = stackalloc byte[36];
        return Utf8Formatter.TryFormat(id, text, out _) && answer.Body.Span.IndexOf(text) >= 0;
    }

    /// <summary>The id of what the answer shows, which is its first member.</summary>
    public static Guid IdOf(HttpAnswer answer)
    {
        var name = "\"id\":\""u8;
        var at = answer.Body.Span.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(answer.Body.Span[(at + name.Length)..], out Guid id, out _)
            ? id
            : throw new InvalidOperationException($"No id in {Encoding.UTF8.GetString(answer.Body.Span)}");
    }
}
