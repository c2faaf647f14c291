using System.Globalization;
using System.Text;

namespace EventFlux.Tests.Fuzzing;

/// <summary>
/// A request that is being made: valid at first, then changed by mutations. Text is one character a byte, but for the
/// body's members, which are written in UTF-8.
/// </summary>
internal sealed class RequestDraft(ApiOperation operation, Caller caller)
{
    public ApiOperation Operation => operation;

    public string Method { get; set; } = operation.Method;

    public string Version { get; set; } = "HTTP/1.1";

    /// <summary>The path as it is sent.</summary>
    public string Path { get; set; } = operation.Path;

    /// <summary>Names and values as they are sent.</summary>
    public List<(string Name, string Value)> Query { get; } = [];

    public List<(string Name, string Value)> Headers { get; } = [];

    /// <summary>The body's members: quoted names and JSON values, as they are sent.</summary>
    public List<(string Name, string Value)> Members { get; } = [];

    /// <summary>Takes the place of <see cref="Members"/>; empty means that a body of no bytes is sent.</summary>
    public byte[]? Body { get; set; }

    /// <summary>Writes <c>Content-Length</c> by itself; off when a mutation frames the body.</summary>
    public bool HasLength { get; set; } = true;

    public List<string> Story { get; } = [];

    public bool IsBroken { get; private set; }

    public bool IsOffContract { get; private set; }

    public Ending Ending { get; set; } = Ending.KeepAlive;

    public int MaxAnswers { get; set; } = 1;

    /// <summary>The server itself may refuse it now.</summary>
    public void Break(Ending ending = Ending.ReadAndClose) =>
        (IsBroken, IsOffContract, Ending) = (true, true, ending == Ending.KeepAlive ? Ending : ending);

    /// <summary>It is no call of the operation any more.</summary>
    public void LeaveContract() => IsOffContract = true;

    /// <summary>The body's bytes as they stand; null when there is none.</summary>
    public byte[]? BodyBytes()
    {
        if (Body is not null) return Body;
        if (operation.Body is null) return null;
        return Encoding.UTF8.GetBytes(
            "{" + string.Join(",", Members.Select(member => $"{member.Name}:{member.Value}")) + "}");
    }

    public void SetHeader(string name, string value)
    {
        Headers.RemoveAll(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        Headers.Add((name, value));
    }

    public FuzzRequest Finish(int number)
    {
        var head = new StringBuilder(512).Append(Method).Append(' ').Append(Path);
        if (Query.Count > 0)
            head.Append('?').AppendJoin('&', Query.Select(pair => $"{pair.Name}={pair.Value}"));
        head.Append(' ').Append(Version).Append("\r\n");
        var body = BodyBytes();
        if (body is not null && HasLength)
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        foreach (var (name, value) in Headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        head.Append("\r\n");
        return new(
            number, operation, caller, Story.Count == 0 ? "as it should be" : string.Join(", ", Story),
            [.. Encoding.Latin1.GetBytes(head.ToString()), .. body ?? []],
            IsBroken, IsOffContract, Method == "HEAD", Ending, MaxAnswers);
    }
}
