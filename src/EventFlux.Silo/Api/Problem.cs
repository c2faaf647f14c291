using System.Buffers;
using System.Diagnostics;
using System.Text.Json;

namespace EventFlux.Silo.Api;

/// <summary>An error as clients see it: RFC 9457 problem details with a stable code. Also the result that writes
/// it.</summary>
/// <param name="Detail">What was wrong with this request, in a sentence; never internals or personal data.</param>
public sealed record Problem(ErrorCode Code, string Detail) : IResult
{
    private const string ContentType = "application/problem+json";

    /// <summary>Further members, in snake case.</summary>
    public IReadOnlyDictionary<string, object?> Extensions { get; init; } = new Dictionary<string, object?>();

    /// <summary>The response's status.</summary>
    public int Status => Problems.StatusOf(Code);

    /// <summary>The same with one more member.</summary>
    public Problem With(string member, object? value) =>
        this with { Extensions = new Dictionary<string, object?>(Extensions) { [member] = value } };

    /// <summary>Writes the problem as the whole response.</summary>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        // What was set before an exception is gone by now.
        response.Headers.XContentTypeOptions = "nosniff";
        if (Code == ErrorCode.ServiceUnavailable) response.Headers.RetryAfter = "1";
        // In one piece and through the stream: whatever wraps the response sees it whole.
        var body = new ArrayBufferWriter<byte>(512);
        Write(body, httpContext);
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
    }

    private void Write(ArrayBufferWriter<byte> body, HttpContext httpContext)
    {
        using var json = new Utf8JsonWriter(body, new() { Encoder = ApiJson.Encoder });
        json.WriteStartObject();
        json.WriteString("type", Problems.TypeOf(Code));
        json.WriteString("title", Problems.TitleOf(Code));
        json.WriteNumber("status", Status);
        json.WriteString("detail", Detail);
        json.WriteString("instance", httpContext.Request.Path.ToUriComponent());
        json.WriteString("code", Problems.NameOf(Code));
        json.WriteString("trace_id", Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier);
        foreach (var (member, value) in Extensions)
        {
            json.WritePropertyName(member);
            JsonSerializer.Serialize(json, value, ApiJson.Options);
        }

        json.WriteEndObject();
    }
}
