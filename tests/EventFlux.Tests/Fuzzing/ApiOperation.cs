using System.Text.Json;

namespace EventFlux.Tests.Fuzzing;

/// <summary>A parameter or a body's member: what the document says of it.</summary>
/// <param name="Place"><c>path</c>, <c>query</c>, <c>header</c> or <c>body</c>.</param>
/// <param name="Example">As JSON text; null when the document has none.</param>
internal sealed record ApiMember(
    string Name, string Place, string? Type, string? Format, IReadOnlyList<string> Choices, string? Example);

/// <summary>One operation of the OpenAPI document, as far as making and judging requests needs it.</summary>
/// <param name="Body">Null when it takes none.</param>
/// <param name="Answers">Every documented status, with its error codes; without codes where none are named.</param>
/// <param name="NeedsToken">Nobody without a token is let in.</param>
/// <param name="IsEndless">Its answer has no end: server-sent events.</param>
internal sealed record ApiOperation(
    string Method,
    string Path,
    IReadOnlyList<ApiMember> Parameters,
    IReadOnlyList<ApiMember>? Body,
    IReadOnlyDictionary<int, IReadOnlySet<string>> Answers,
    bool NeedsToken,
    bool IsEndless)
{
    /// <summary>Only an admin, or who made the thing, may call it: no other token ever gets a 2xx.</summary>
    public bool NeedsPrivilege =>
        NeedsToken && Answers.TryGetValue(403, out var codes) && codes.Contains("INSUFFICIENT_PERMISSIONS");

    /// <summary>A valid call costs the silo a password hash, some 100 ms of a core.</summary>
    public bool HashesPassword =>
        Body?.Any(member => member.Name.Contains("password", StringComparison.Ordinal)) is true;

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>The OpenAPI document of a silo, read as it is served.</summary>
/// <param name="Codes">Every error code of the contract.</param>
internal sealed record ApiDocument(IReadOnlyList<ApiOperation> Operations, IReadOnlySet<string> Codes)
{
    private static readonly HashSet<string> Methods = ["get", "put", "post", "delete", "patch"];

    /// <exception cref="JsonException">It is no JSON.</exception>
    public static ApiDocument Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var codes = Resolve(root, root.GetProperty("components").GetProperty("schemas").GetProperty("Problem"))
            .GetProperty("properties").GetProperty("code");
        return new(
            [.. from path in root.GetProperty("paths").EnumerateObject()
                from operation in path.Value.EnumerateObject()
                where Methods.Contains(operation.Name)
                select OperationOf(root, path, operation)],
            Resolve(root, codes).GetProperty("enum").EnumerateArray().Select(code => code.GetString()!).ToHashSet());
    }

    private static ApiOperation OperationOf(JsonElement root, JsonProperty path, JsonProperty operation)
    {
        var parameters = new[] { path.Value, operation.Value }
            .SelectMany(place => Find(place, "parameters") is { } list ? list.EnumerateArray() : [])
            .Select(parameter => Resolve(root, parameter))
            .Select(parameter => MemberOf(
                root, parameter.GetProperty("name").GetString()!, parameter.GetProperty("in").GetString()!,
                parameter.GetProperty("schema"), Find(parameter, "example")));
        var security = Find(operation.Value, "security") ?? Find(root, "security");
        return new(
            operation.Name.ToUpperInvariant(), path.Name, [.. parameters], BodyOf(root, operation.Value),
            operation.Value.GetProperty("responses").EnumerateObject()
                .Where(answer => int.TryParse(answer.Name, out _))
                .ToDictionary(answer => int.Parse(answer.Name), answer => CodesOf(Resolve(root, answer.Value))),
            security is { } ways && ways.GetArrayLength() > 0
                && ways.EnumerateArray().All(way => way.EnumerateObject().Any()),
            Find(operation.Value.GetProperty("responses"), "200") is { } answered
                && Find(Resolve(root, answered), "content") is { } content
                && Find(content, "text/event-stream") is not null);
    }

    private static IReadOnlyList<ApiMember>? BodyOf(JsonElement root, JsonElement operation)
    {
        if (Find(operation, "requestBody") is not { } body) return null;
        var media = Resolve(root, body).GetProperty("content").GetProperty("application/json");
        var example = Find(media, "example");
        if (example is null && Find(media, "examples") is { } named)
            example = Find(Resolve(root, named.EnumerateObject().First().Value), "value");
        var schema = Resolve(root, media.GetProperty("schema"));
        return
        [
            .. schema.GetProperty("properties").EnumerateObject().Select(member => MemberOf(
                root, member.Name, "body", member.Value,
                example is { } whole ? Find(whole, member.Name) : Find(Resolve(root, member.Value), "example"))),
        ];
    }

    private static ApiMember MemberOf(
        JsonElement root, string name, string place, JsonElement schema, JsonElement? example)
    {
        schema = Resolve(root, schema);
        var type = Find(schema, "type") is not { } types ? null
            : types.ValueKind == JsonValueKind.String ? types.GetString()
            : types.EnumerateArray().Select(one => one.GetString()).FirstOrDefault(one => one != "null");
        var choices = Find(schema, "enum") is { } words
            ? words.EnumerateArray().Where(word => word.ValueKind == JsonValueKind.String)
                .Select(word => word.GetString()!)
            : [];
        return new(
            name, place, type, Find(schema, "format")?.GetString(), [.. choices], example?.GetRawText());
    }

    private static IReadOnlySet<string> CodesOf(JsonElement answer) =>
        Find(answer, "content") is { } content && Find(content, "application/problem+json") is { } problem
            && Find(problem, "examples") is { } examples
            ? examples.EnumerateObject().Select(example => example.Name).ToHashSet()
            : new HashSet<string>();

    private static JsonElement Resolve(JsonElement root, JsonElement element)
    {
        while (Find(element, "$ref") is { } reference)
            element = reference.GetString()!.TrimStart('#', '/').Split('/')
                .Aggregate(root, (place, step) => place.GetProperty(step));
        return element;
    }

    private static JsonElement? Find(JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var value) ? value : null;
}
