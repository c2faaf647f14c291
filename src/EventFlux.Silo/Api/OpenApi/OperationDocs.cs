using System.Globalization;
using System.Text.Json.Nodes;
using EventFlux.Silo.Observability;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EventFlux.Silo.Api.OpenApi;

/// <summary>Completes each operation with what follows from its endpoint: parameters, refusals, examples,
/// security.</summary>
internal sealed class OperationDocs : IOpenApiOperationTransformer
{
    /// <inheritdoc/>
    public Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        AddParameters(operation, context, metadata);
        AddExamples(operation, context);
        AddRefusals(operation, context, metadata);
        if (!IsUnlimited(metadata)) RateLimitDocs.AddHeaders(operation);
        if (metadata.OfType<CsvExample>().SingleOrDefault() is { } csv) AddFile(operation, csv);
        var token = OpenApiModule.BearerRequirement(context.Document);
        // An empty list says that no token is needed; none at all would leave that open.
        operation.Security = NeedsToken(metadata) ? [token]
            : metadata.OfType<OptionalToken>().Any() ? [[], token]
            : [];
        return Task.CompletedTask;
    }

    private static void AddParameters(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, IList<object> metadata)
    {
        operation.Parameters ??= [];
        var ids = context.Description.ParameterDescriptions
            .Where(parameter => parameter.ParameterDescriptor?.ParameterType == typeof(ResourceId))
            .Select(parameter => parameter.Name).ToHashSet();
        foreach (var id in operation.Parameters.Where(parameter => ids.Contains(parameter.Name ?? "")))
            if (id.Schema is OpenApiSchema schema)
                schema.Format = "uuid";

        foreach (var parameter in metadata.OfType<QueryParameters>().SelectMany(query => query.Parameters))
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = ParameterLocation.Query,
                Description = parameter.Description,
                Schema = new OpenApiSchema
                {
                    Type = parameter.Type,
                    Format = parameter.Format,
                    Enum = parameter.Choices.Length == 0
                        ? null
                        : [.. parameter.Choices.Select(choice => (JsonNode)JsonValue.Create(choice))],
                },
            });
        }

        foreach (var header in metadata.OfType<HeaderParameter>())
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = header.Name,
                In = ParameterLocation.Header,
                Description = header.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }

    private static void AddExamples(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var body = context.Description.ParameterDescriptions.FirstOrDefault(
            parameter => parameter.Source == Microsoft.AspNetCore.Mvc.ModelBinding.BindingSource.Body);
        if (body is not null && operation.RequestBody?.Content is { } content)
            foreach (var media in content.Values.OfType<OpenApiMediaType>())
                media.Example = Examples.For(body.Type);

        foreach (var answer in context.Description.SupportedResponseTypes)
        {
            if (answer.Type is not { } type || operation.Responses is null) continue;
            if (!operation.Responses.TryGetValue(
                    answer.StatusCode.ToString(CultureInfo.InvariantCulture), out var response)) continue;
            foreach (var media in response.Content?.Values.OfType<OpenApiMediaType>() ?? [])
                media.Example = Examples.For(type);
        }
    }

    private static void AddFile(OpenApiOperation operation, CsvExample example)
    {
        if (operation.Responses?["200"] is not OpenApiResponse response) return;
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[CsvExports.TotalHeader] = new OpenApiHeader
        {
            Description = "How many rows follow the first line.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
        };
        foreach (var media in response.Content?.Values.OfType<OpenApiMediaType>() ?? [])
            media.Example = JsonValue.Create(example.Text);
    }

    private static void AddRefusals(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, IList<object> metadata)
    {
        var codes = metadata.OfType<RefusalCodes>().SelectMany(refusals => refusals.Codes).ToHashSet();
        // Every endpoint refuses parameters that it doesn't know.
        codes.UnionWith([ErrorCode.ValidationError, ErrorCode.InternalError, ErrorCode.ServiceUnavailable]);
        if (!IsUnlimited(metadata)) codes.Add(ErrorCode.RateLimitExceeded);
        codes.UnionWith(metadata.OfType<CountedIn>().Select(counted => Problems.CodeOf(counted.Tier)));
        if (NeedsToken(metadata))
            codes.UnionWith([ErrorCode.MissingToken, ErrorCode.InvalidToken, ErrorCode.TokenExpired]);
        if (metadata.OfType<OptionalToken>().Any())
            codes.UnionWith([ErrorCode.InvalidToken, ErrorCode.TokenExpired]);
        if (metadata.OfType<IAuthorizeData>().Any(rule => rule.Policy == Policies.Admin))
            codes.Add(ErrorCode.InsufficientPermissions);
        if (metadata.OfType<IAcceptsMetadata>().Any())
        {
            codes.UnionWith(
                [ErrorCode.ValidationError, ErrorCode.MalformedRequest, ErrorCode.BodyTooLarge,
                 ErrorCode.UnsupportedMediaType]);
        }

        operation.Responses ??= [];
        foreach (var group in codes.GroupBy(Problems.StatusOf).OrderBy(group => group.Key))
        {
            operation.Responses[group.Key.ToString(CultureInfo.InvariantCulture)] =
                new OpenApiResponse
                {
                    Description = string.Join(", ", group.Order().Select(Problems.NameOf)),
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        ["application/problem+json"] = new()
                        {
                            Schema = new OpenApiSchemaReference(OpenApiModule.ProblemSchema, context.Document),
                            Examples = group.Order().ToDictionary(
                                Problems.NameOf,
                                code => (IOpenApiExample)new OpenApiExample { Value = Examples.For(code) }),
                        },
                    },
                };
        }
    }

    private static bool IsUnlimited(IList<object> metadata) =>
        metadata.OfType<Uncounted>().Any(uncounted => !uncounted.IsLimited);

    private static bool NeedsToken(IList<object> metadata) =>
        metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any();
}
