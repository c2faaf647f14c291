using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace EventFlux.Silo.Api.OpenApi;

/// <summary>The contract as a machine reads it (<c>/openapi/v1.json</c>) and as a person tries it
/// (<c>/docs</c>).</summary>
internal static class OpenApiModule
{
    public const string ProblemSchema = "Problem";
    public const string DocumentName = "v1";
    public const string Bearer = "bearer";

    /// <summary>In the order in which a newcomer reads them.</summary>
    private static readonly (string Name, string Description)[] Tags =
    [
        ("Accounts", "Signing up, signing in, and one's own account."),
        ("Events", "The programme, and what organisers do with it."),
        ("Bookings", "Buying tickets, looking them up and giving them back."),
        ("Seats", "Where seats are, who may have them, and what is left of them right now."),
        ("Holds", "Tickets set aside while somebody pays."),
        ("Waitlist", "Waiting for tickets of a sold-out event, in the order of joining."),
        ("Administration", "What admins look at."),
    ];

    public static IServiceCollection AddEventFluxOpenApi(this IServiceCollection services) =>
        services.AddSingleton<ContractDocument>().AddOpenApi(DocumentName, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer((document, _, _) =>
            {
                Describe(document);
                return Task.CompletedTask;
            });
            options.AddOperationTransformer<OperationDocs>();
            options.AddSchemaTransformer(SchemaDocs.TransformAsync);
            options.CreateSchemaReferenceId = SchemaDocs.NameOf;
        });

    public static void MapEventFluxOpenApi(this WebApplication app)
    {
        app.MapGet(
            $"/openapi/{DocumentName}.json",
            (HttpContext context, ContractDocument document) => document.AnswerAsync(context))
            .IsPublicRead().ExcludeFromDescription();
        app.MapDocsPage();
    }

    public static OpenApiSecurityRequirement BearerRequirement(OpenApiDocument? document) =>
        new() { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] };

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new()
        {
            Title = "EventFlux API",
            Version = "1",
            Description = "Sells tickets for events: sign-up, events, bookings and waitlists. "
                + "Errors are RFC 9457 problem details with a stable code.",
            Contact = new() { Name = "Whoever runs this server" },
            License = new() { Name = "All rights reserved", Identifier = "LicenseRef-All-Rights-Reserved" },
        };
        document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description })
            .ToHashSet();
        document.Servers = [new OpenApiServer { Url = "/", Description = "This silo" }];
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT",
                Description = "The token from POST /api/auth/login.",
            },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[ProblemSchema] = Problem();
    }

    private static OpenApiSchema Problem()
    {
        var text = new OpenApiSchema { Type = JsonSchemaType.String };
        return new()
        {
            Type = JsonSchemaType.Object,
            Description = "RFC 9457 problem details. Some codes add members of their own.",
            Required = new HashSet<string> { "type", "title", "status", "detail", "instance", "code", "trace_id" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri" },
                ["title"] = text,
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
                ["detail"] = text,
                ["instance"] = text,
                ["code"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Enum =
                    [
                        .. Enum.GetValues<ErrorCode>()
                            .Select(code => (JsonNode)JsonValue.Create(Problems.NameOf(code))),
                    ],
                },
                ["trace_id"] = text,
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Description = "With VALIDATION_ERROR: every fault, by member.",
                    AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = text },
                },
                ["available_tickets"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
                ["booking_id"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
                ["hold_id"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
                ["seat_ids"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = text },
                ["minimum_capacity"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            },
        };
    }
}
