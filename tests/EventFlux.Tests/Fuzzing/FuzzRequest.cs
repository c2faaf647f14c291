using System.Globalization;
using System.Text;

namespace EventFlux.Tests.Fuzzing;

/// <summary>Who sends a request.</summary>
internal enum Caller
{
    /// <summary>Without a token.</summary>
    Nobody,

    /// <summary>Holds bookings and a place in a queue.</summary>
    User,

    /// <summary>Holds nothing.</summary>
    Stranger,

    /// <summary>Has signed up; its requests may change its password, and so end its own token.</summary>
    Member,

    /// <summary>Made the events.</summary>
    Admin,

    /// <summary>With a token that is no good.</summary>
    Forger,
}

/// <summary>What becomes of the connection.</summary>
internal enum Ending
{
    /// <summary>One answer, and the next request may follow.</summary>
    KeepAlive,

    /// <summary>Framing is broken on purpose: whatever is answered is read, then the connection is closed.</summary>
    ReadAndClose,

    /// <summary>Reset without waiting for an answer.</summary>
    Abandon,
}

/// <summary>One request, ready for the wire, and what its answer is judged by.</summary>
/// <param name="Number">Its place in the run: with the seed it makes the same request again.</param>
/// <param name="Operation">What it was derived from; null for bytes that are no request at all.</param>
/// <param name="Mutations">What was done to it, in words.</param>
/// <param name="IsBroken">No longer HTTP/1.1 as it should be, so the server itself may refuse it, without problem
/// details.</param>
/// <param name="IsOffContract">No longer a call of the operation, so what the document says of it doesn't bind.</param>
/// <param name="IsHead">Its answer has no body, whatever its headers say.</param>
/// <param name="MaxAnswers">More answers than these mean that it was taken apart into several requests.</param>
internal sealed record FuzzRequest(
    int Number,
    ApiOperation? Operation,
    Caller Caller,
    string Mutations,
    byte[] Wire,
    bool IsBroken,
    bool IsOffContract,
    bool IsHead,
    Ending Ending,
    int MaxAnswers)
{
    private const int MaxShownBytes = 1500;

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"request {Number}: {Operation?.ToString() ?? "raw"} as {Caller}; {Mutations}\n")
        + $"  printf '{Escaped()}'"
        + (Wire.Length > MaxShownBytes ? $" # and {Wire.Length - MaxShownBytes} bytes more" : "");

    /// <summary>For a shell's printf, piped into a connection.</summary>
    private string Escaped()
    {
        var text = new StringBuilder();
        foreach (var value in Wire.AsSpan(0, Math.Min(Wire.Length, MaxShownBytes)))
            _ = value switch
            {
                (byte)'\r' => text.Append("\\r"),
                (byte)'\n' => text.Append("\\n"),
                (byte)'\\' => text.Append("\\\\"),
                (byte)'%' => text.Append("%%"),
                (byte)'\'' or < 0x20 or > 0x7e => text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}"),
                _ => text.Append((char)value),
            };
        return text.ToString();
    }
}
