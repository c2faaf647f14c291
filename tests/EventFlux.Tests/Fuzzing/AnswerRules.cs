using System.Text;
using System.Text.Json;

namespace EventFlux.Tests.Fuzzing;

/// <summary>What every answer must keep to, whatever was asked. Each fault is a sentence; none means that it may be
/// so.</summary>
/// <param name="secrets">What may stand in no answer at all.</param>
internal sealed class AnswerRules(ApiDocument document, IReadOnlyList<string> secrets)
{
    /// <summary>Words that only the inside of the server knows. Searched in refusals with regard to case.</summary>
    private static readonly string[] Internals =
    [
        "Exception", "System.", "Microsoft.", "Npgsql", "Orleans", "EventFlux.", "Kestrel", "   at ", ".cs:", ".dll",
        "SELECT ", "INSERT ", "UPDATE ", "DELETE FROM", "SQLSTATE", "constraint", "relation \"", "syntax error", "pg_",
        "char_length", "Path: $", "LineNumber", "BytePositionInLine", "JsonProperty", "could not be converted",
        "/src/", "/usr/", "/opt/", "/tmp/", "/var/", "/app/", "127.0.0.1", "Host=", "Password", "password=",
        "connection string",
    ];

    private static readonly string[] BannerHeaders = ["Server", "X-Powered-By", "X-AspNet-Version", "X-SourceFiles"];

    /// <summary>What the server itself refuses before the API sees it; it may be bare, and ends the
    /// connection.</summary>
    private static readonly int[] ServerRefusals = [400, 405, 408, 414, 431];

    private readonly byte[][] _secrets = [.. secrets.Select(Encoding.UTF8.GetBytes)];

    public IEnumerable<string> FaultsOf(FuzzRequest request, IReadOnlyList<WireAnswer> answers)
    {
        if (answers.Count > request.MaxAnswers) yield return $"{answers.Count} answers to one request";
        if (answers.Count == 0 && !request.IsBroken && request.Ending == Ending.KeepAlive) yield return "no answer";
        foreach (var answer in answers)
            foreach (var fault in FaultsOf(request, answer))
                yield return fault;
    }

    private IEnumerable<string> FaultsOf(FuzzRequest request, WireAnswer answer)
    {
        // The one 5xx that tells of the client: it speaks a version of HTTP that the server doesn't.
        var isForeignVersion = answer.Status == 505 && request.IsBroken && answer.Body.Length == 0;
        if (answer.Status >= 500 && !isForeignVersion) yield return $"a {answer.Status}";

        foreach (var header in answer.Headers)
        {
            if (BannerHeaders.Contains(header.Name, StringComparer.OrdinalIgnoreCase))
                yield return $"names {header.Name}";
            if (header.Name.Equals(HostileValues.InjectedHeader, StringComparison.OrdinalIgnoreCase))
                yield return "an injected header";
        }

        if (_secrets.Any(secret => answer.Body.AsSpan().IndexOf(secret) >= 0)) yield return "a secret in the body";
        if (answer.BodyText.Contains("/smuggled", StringComparison.Ordinal))
            yield return "a smuggled request was answered";

        var isBare = answer.Header("Content-Type") is null && answer.Body.Length == 0;
        var isServers = isBare && answer.EndsConnection && ServerRefusals.Contains(answer.Status);
        if (isServers || isForeignVersion) yield break;
        if (answer.Header("X-Content-Type-Options") is not "nosniff") yield return "lacks nosniff";
        var faults = answer.Status >= 400 ? FaultsOfRefusal(request, answer) : FaultsOfSuccess(request, answer);
        foreach (var fault in faults) yield return fault;
    }

    private IEnumerable<string> FaultsOfRefusal(FuzzRequest request, WireAnswer answer)
    {
        if (request.IsHead) yield break;
        var text = answer.BodyText;
        // Both as it was sent and as it is meant: a refusal may name the path.
        var asked = Encoding.UTF8.GetString(request.Wire);
        asked += Uri.UnescapeDataString(asked);
        foreach (var word in Internals)
            if (text.Contains(word, StringComparison.Ordinal)
                && !asked.Contains(word, StringComparison.OrdinalIgnoreCase))
                yield return $"tells '{word}'";

        if (answer.Header("Content-Type") is not "application/problem+json")
        {
            yield return $"is {answer.Header("Content-Type") ?? "nothing"}, not a problem";
            yield break;
        }

        if (answer.Header("Cache-Control") ?.Contains("no-store", StringComparison.Ordinal) is not true)
            yield return "may be cached";
        if (Parse(answer) is not { ValueKind: JsonValueKind.Object } problem)
        {
            yield return "is no JSON object";
            yield break;
        }

        foreach (var member in (string[])["type", "title", "detail", "instance", "code", "trace_id"])
            if (!problem.TryGetProperty(member, out var value) || value.ValueKind != JsonValueKind.String)
                yield return $"has no {member}";
        if (!problem.TryGetProperty("status", out var status) || status.GetInt32() != answer.Status)
            yield return "states another status";
        var code = problem.TryGetProperty("code", out var name) ? name.GetString() ?? "" : "";
        if (!document.Codes.Contains(code)) yield return $"has the unknown code {code}";
        if (code == "VALIDATION_ERROR" && !problem.TryGetProperty("errors", out _)) yield return "names no fault";
        if (request is { Operation: { } operation, IsOffContract: false }
            && !IsDocumented(operation, answer.Status, code))
            yield return $"{answer.Status} {code} is not documented for {operation}";
    }

    private static IEnumerable<string> FaultsOfSuccess(FuzzRequest request, WireAnswer answer)
    {
        if (request is not { Operation: { } operation, IsOffContract: false }) yield break;
        if (!operation.Answers.ContainsKey(answer.Status))
            yield return $"{answer.Status} is not documented for {operation}";
        if (answer.Body.Length > 0 && answer.Header("Content-Encoding") is null
            && answer.Header("Content-Type") is not "text/csv; charset=utf-8" && Parse(answer) is null)
            yield return "is no JSON";
        if (answer.Status >= 300) yield break;
        if (operation.NeedsToken && request.Caller is Caller.Nobody or Caller.Forger
            && !request.Mutations.Contains("token", StringComparison.Ordinal))
            yield return $"lets in {request.Caller}";
        if (operation.NeedsPrivilege && request.Caller != Caller.Admin) yield return $"lets in {request.Caller}";
        if (operation.Path.StartsWith("/api/bookings/{id}", StringComparison.Ordinal)
            && request.Caller is not (Caller.User or Caller.Admin))
            yield return $"shows another's booking to {request.Caller}";
    }

    /// <summary>A document that names no codes for a status promises none.</summary>
    private static bool IsDocumented(ApiOperation operation, int status, string code) =>
        operation.Answers.TryGetValue(status, out var codes) && (codes.Count == 0 || codes.Contains(code));

    private static JsonElement? Parse(WireAnswer answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
