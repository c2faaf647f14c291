using System.Text.Json;
using System.Text.RegularExpressions;
using EventFlux.Silo.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ErrorCode = EventFlux.Silo.Api.ErrorCode;

namespace EventFlux.Tests.Api;

/// <summary>The published contract is the one that is served, and complete.</summary>
public sealed partial class OpenApiTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Document_IsOpenApi31()
    {
        var answer = (await api.Nobody.GetAsync("/openapi/v1.json")).Is(200);

        Assert.StartsWith("3.1.", answer.Text("openapi"), StringComparison.Ordinal);
        Assert.Equal("EventFlux API", answer.Json.GetProperty("info").GetProperty("title").GetString());
        var scheme = answer.Json.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer");
        Assert.Equal("bearer", scheme.GetProperty("scheme").GetString());
    }

    [Fact]
    public async Task Document_HasEveryRouteThatIsMapped_AndNoOther()
    {
        var described = (await OperationsAsync()).Select(operation => operation.Name).Order();

        Assert.Equal(MappedEndpoints().Select(NameOf).Order(), described);
    }

    [Fact]
    public async Task EachOperation_HasASummaryAnswersAndExamples()
    {
        foreach (var (name, operation) in await OperationsAsync())
        {
            Assert.False(string.IsNullOrWhiteSpace(operation.GetProperty("summary").GetString()), name);
            Assert.NotEmpty(operation.GetProperty("tags").EnumerateArray());
            var responses = operation.GetProperty("responses").EnumerateObject().ToArray();
            Assert.Contains(responses, response => response.Name[0] == '2');
            Assert.Contains(responses, response => response.Name == "503");
            foreach (var response in responses.Where(response => response.Name != "204")) AssertAnswer(name, response);

            if (!operation.TryGetProperty("requestBody", out var body)) continue;
            var media = body.GetProperty("content").GetProperty("application/json");
            Assert.True(media.TryGetProperty("schema", out _) && media.TryGetProperty("example", out _), name);
            Assert.True(body.GetProperty("required").GetBoolean(), name);
            Assert.ProperSuperset(
                new HashSet<string> { "400", "413", "415" }, responses.Select(one => one.Name).ToHashSet());
        }
    }

    [Fact]
    public async Task EachOperation_AsksForATokenExactlyWhenItsEndpointDoes()
    {
        var operations = (await OperationsAsync()).ToDictionary(one => one.Name, one => one.Operation);
        foreach (var endpoint in MappedEndpoints())
        {
            var needsToken = endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null
                && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null;
            var operation = operations[NameOf(endpoint)];
            var ways = operation.TryGetProperty("security", out var security) ? security.GetArrayLength() : 0;
            Assert.True(needsToken ? ways == 1 : ways is 0 or 2, NameOf(endpoint));
            if (!needsToken) continue;
            Assert.True(security[0].TryGetProperty("bearer", out _), NameOf(endpoint));
            Assert.True(operation.GetProperty("responses").TryGetProperty("401", out _), NameOf(endpoint));
        }
    }

    [Fact]
    public async Task EachPathParameter_IsDescribed()
    {
        foreach (var (name, operation) in await OperationsAsync())
        {
            var described = operation.TryGetProperty("parameters", out var parameters)
                ? parameters.EnumerateArray().Where(one => one.GetProperty("in").GetString() == "path")
                    .Select(one => one.GetProperty("name").GetString()!).ToArray()
                : [];
            Assert.Equal(PathParameter().Matches(name).Select(match => match.Groups[1].Value), described);
        }
    }

    [Fact]
    public async Task EachOperationId_IsThereAndItsOwn()
    {
        var ids = new HashSet<string>();
        foreach (var (name, operation) in await OperationsAsync())
        {
            Assert.True(operation.TryGetProperty("operationId", out var id), name);
            Assert.True(ids.Add(id.GetString()!), name);
        }
    }

    [Fact]
    public async Task EachReference_LeadsSomewhere()
    {
        var document = (await api.Nobody.GetAsync("/openapi/v1.json")).Json;
        foreach (var reference in Reference().Matches(document.GetRawText()).Select(match => match.Groups[1].Value))
        {
            var target = document;
            foreach (var step in reference.Split('/')) Assert.True(target.TryGetProperty(step, out target), reference);
        }
    }

    [Fact]
    public async Task Money_IsANumberAndDatesAreText()
    {
        var document = (await api.Nobody.GetAsync("/openapi/v1.json")).Json;
        var schemas = document.GetProperty("components").GetProperty("schemas");
        var created = schemas.GetProperty("CreateEventRequest").GetProperty("properties");
        var updated = schemas.GetProperty("UpdateEventRequest").GetProperty("properties");
        var read = schemas.GetProperty("EventResponse").GetProperty("properties");

        foreach (var properties in (JsonElement[])[created, updated, read])
        {
            Assert.Contains("number", properties.GetProperty("price").GetProperty("type").GetRawText());
            Assert.Contains("integer", properties.GetProperty("capacity").GetProperty("type").GetRawText());
            Assert.Contains("string", properties.GetProperty("event_date").GetProperty("type").GetRawText());
            Assert.Equal("date-time", properties.GetProperty("event_date").GetProperty("format").GetString());
        }

    }

    [Fact]
    public async Task Requests_RequireWhatIsRequiredAndNothingElse()
    {
        var document = (await api.Nobody.GetAsync("/openapi/v1.json")).Json;
        var schemas = document.GetProperty("components").GetProperty("schemas");

        var create = schemas.GetProperty("CreateEventRequest");
        Assert.Equal(
            ["capacity", "event_date", "name", "price", "venue"],
            create.GetProperty("required").EnumerateArray().Select(member => member.GetString()!).Order());
        var name = create.GetProperty("properties").GetProperty("name");
        Assert.Equal("\"string\"", name.GetProperty("type").GetRawText());
        Assert.False(create.GetProperty("additionalProperties").GetBoolean());
        Assert.False(schemas.GetProperty("UpdateEventRequest").TryGetProperty("required", out _));
        Assert.False(schemas.GetProperty("EventResponse").TryGetProperty("additionalProperties", out _));
        Assert.Equal(21, schemas.GetProperty("EventResponse").GetProperty("required").GetArrayLength());
    }

    private static void AssertAnswer(string name, JsonProperty response)
    {
        var isProblem = response.Name[0] is '4' or '5';
        if (response.Name == "304") return;
        var media = response.Value.GetProperty("content")
            .GetProperty(isProblem ? "application/problem+json" : name.EndsWith("/export", StringComparison.Ordinal)
                ? "text/csv" : name.EndsWith("/stream", StringComparison.Ordinal)
                    ? "text/event-stream" : "application/json");
        Assert.True(media.TryGetProperty("schema", out _), $"{name} {response.Name}");
        if (!isProblem)
        {
            Assert.True(media.TryGetProperty("example", out _), $"{name} {response.Name}");
            return;
        }

        foreach (var example in media.GetProperty("examples").EnumerateObject())
        {
            var problem = example.Value.GetProperty("value");
            Assert.Equal(example.Name, problem.GetProperty("code").GetString());
            Assert.Equal(response.Name, problem.GetProperty("status").GetRawText());
            Assert.Contains(Enum.GetValues<ErrorCode>(), code => Problems.NameOf(code) == example.Name);
        }
    }

    private async Task<(string Name, JsonElement Operation)[]> OperationsAsync()
    {
        var document = (await api.Nobody.GetAsync("/openapi/v1.json")).Is(200).Json;
        return
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               select ($"{operation.Name.ToUpperInvariant()} {path.Name.TrimEnd('/')}", operation.Value),
        ];
    }

    private RouteEndpoint[] MappedEndpoints() =>
    [
        .. api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api", StringComparison.Ordinal)),
    ];

    private static string NameOf(RouteEndpoint endpoint)
    {
        var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Single();
        return $"{method} {endpoint.RoutePattern.RawText!.TrimEnd('/')}";
    }

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex PathParameter();

    [GeneratedRegex("\"\\$ref\":\\s*\"#/([^\"]+)\"")]
    private static partial Regex Reference();
}
