using System.Text.Json;
using System.Text.Json.Nodes;
using EventFlux.Silo.Api;
using Json.Schema;
using ErrorCode = EventFlux.Silo.Api.ErrorCode;

namespace EventFlux.Tests.Api;

/// <summary>Every body in the document has an example, and each is what its schema says.</summary>
[Collection<SharedApi>]
public sealed class OpenApiExampleTests(ApiFixture api)
{
    /// <summary>What is answered where there is no operation.</summary>
    private static readonly ErrorCode[] OfNoOperation = [ErrorCode.RouteNotFound, ErrorCode.MethodNotAllowed];

    [Fact]
    public async Task EachExample_IsValidByItsSchema()
    {
        var document = await DocumentAsync();
        var bodies = BodiesOf(document).ToArray();

        Assert.True(bodies.Length > 100, $"{bodies.Length} bodies");
        foreach (var (place, media) in bodies)
        {
            var schema = SchemaOf(media.GetProperty("schema"), document);
            foreach (var example in ExamplesOf(media, place))
            {
                var result = schema.Evaluate(
                    JsonNode.Parse(example.GetRawText()),
                    new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
                var faults = result.Details.Where(detail => detail.HasErrors)
                    .Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}");
                Assert.True(result.IsValid, $"{place}: {string.Join("; ", faults)}");
            }
        }
    }

    [Fact]
    public async Task EachExample_OfAnAnswer_HasEveryMember()
    {
        var document = await DocumentAsync();
        foreach (var (place, media) in BodiesOf(document).Where(body => body.Media.TryGetProperty("example", out _)))
        {
            if (!media.GetProperty("schema").TryGetProperty("$ref", out var reference)) continue;
            var schema = document.GetProperty("components").GetProperty("schemas")
                .GetProperty(reference.GetString()!.Split('/')[^1]);
            if (!schema.TryGetProperty("required", out var required)) continue;
            foreach (var member in required.EnumerateArray())
                Assert.True(media.GetProperty("example").TryGetProperty(member.GetString()!, out _), place);
        }
    }

    [Fact]
    public async Task EachErrorCode_HasAnExampleAtTheOperationsThatAnswerIt()
    {
        var named = BodiesOf(await DocumentAsync())
            .Where(body => body.Media.TryGetProperty("examples", out _))
            .SelectMany(body => body.Media.GetProperty("examples").EnumerateObject().Select(example => example.Name))
            .ToHashSet();

        Assert.Equal(Enum.GetValues<ErrorCode>().Except(OfNoOperation).Select(Problems.NameOf).Order(), named.Order());
    }

    private static IEnumerable<(string Place, JsonElement Media)> BodiesOf(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        let name = $"{operation.Name} {path.Name}"
        from body in (operation.Value.TryGetProperty("requestBody", out var request)
                ? [(Place: name, Body: request)]
                : Array.Empty<(string Place, JsonElement Body)>())
            .Concat(operation.Value.GetProperty("responses").EnumerateObject()
                .Select(response => (Place: $"{name} {response.Name}", Body: response.Value)))
        where body.Body.TryGetProperty("content", out _)
        from media in body.Body.GetProperty("content").EnumerateObject()
        select (body.Place, media.Value);

    private static IEnumerable<JsonElement> ExamplesOf(JsonElement media, string place)
    {
        if (media.TryGetProperty("example", out var one)) return [one];
        Assert.True(media.TryGetProperty("examples", out var several), $"{place} has no example");
        return several.EnumerateObject().Select(example => example.Value.GetProperty("value"));
    }

    /// <summary>The schema on its own, with the components that it refers to.</summary>
    private static JsonSchema SchemaOf(JsonElement schema, JsonElement document)
    {
        var own = JsonNode.Parse(schema.GetRawText())!.AsObject();
        own["$defs"] = JsonNode.Parse(document.GetProperty("components").GetProperty("schemas").GetRawText());
        return JsonSchema.FromText(
            own.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
    }

    private async Task<JsonElement> DocumentAsync() => (await api.Nobody.GetAsync("/openapi/v1.json")).Is(200).Json;
}
