using Microsoft.OpenApi;

namespace EventFlux.Silo.Api.OpenApi;

/// <summary>A parameter of an endpoint's query, for the documentation; <see cref="QueryReader"/> does the
/// reading.</summary>
/// <param name="Choices">The words allowed; empty when it is no choice.</param>
internal sealed record QueryParameter(
    string Name, JsonSchemaType Type, string Description, string? Format = null, params string[] Choices)
{
    public static readonly QueryParameter[] Paging =
    [
        new("page", JsonSchemaType.Integer, "The page, from 1. Not together with a cursor.", "int32"),
        new("limit", JsonSchemaType.Integer, "Items a page, 1 to 100; 10 when left out.", "int32"),
        new(
            "cursor", JsonSchemaType.String,
            "The next_cursor of an earlier page: what follows it, whatever has come or gone before it since. "
            + "Holds for the same filters and sorting only."),
    ];
}

/// <summary>What an endpoint says of itself beside its code, for the OpenAPI document.</summary>
internal static class EndpointDocs
{
    /// <summary>The answer when all went well.</summary>
    public static RouteHandlerBuilder Answers<TResponse>(this RouteHandlerBuilder endpoint, int status = 200) =>
        endpoint.Produces<TResponse>(status);

    /// <summary>An answer without a body.</summary>
    public static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces(StatusCodes.Status204NoContent);

    /// <summary>A file, with the header that tells how many rows it has.</summary>
    public static RouteHandlerBuilder AnswersCsv(this RouteHandlerBuilder endpoint, string example) =>
        endpoint.Produces<string>(StatusCodes.Status200OK, "text/csv").WithMetadata(new CsvExample(example));

    /// <summary>Server-sent events without end.</summary>
    /// <typeparam name="TData">The data of each.</typeparam>
    public static RouteHandlerBuilder AnswersEvents<TData>(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces<TData>(StatusCodes.Status200OK, "text/event-stream");

    /// <summary>The codes of the endpoint's own refusals. Those that follow from its shape (a token, a role, a body)
    /// are added without being named.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params ErrorCode[] codes) =>
        endpoint.WithMetadata(new RefusalCodes(codes));

    /// <summary>The parameters of the query.</summary>
    public static RouteHandlerBuilder Query(this RouteHandlerBuilder endpoint, params QueryParameter[] parameters) =>
        endpoint.WithMetadata(new QueryParameters(parameters));

    /// <summary>A list: pages of a resource.</summary>
    public static RouteHandlerBuilder AnswersPages<TItem>(
        this RouteHandlerBuilder endpoint, params QueryParameter[] parameters) =>
        endpoint.Produces<PageResponse<TItem>>().Query([.. QueryParameter.Paging, .. parameters]);

    /// <summary>A read that answers 304 to who holds the representation already.</summary>
    public static RouteHandlerBuilder IsConditional(this RouteHandlerBuilder endpoint) =>
        endpoint.Produces(StatusCodes.Status304NotModified)
            .Header("If-None-Match", "An ETag held from an earlier answer.");

    /// <summary>Anyone may ask, and who sends a token may see more.</summary>
    public static RouteHandlerBuilder HearsToken(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new OptionalToken());

    /// <summary>A header of the request.</summary>
    public static RouteHandlerBuilder Header(this RouteHandlerBuilder endpoint, string name, string description) =>
        endpoint.WithMetadata(new HeaderParameter(name, description));
}

internal sealed record RefusalCodes(IReadOnlyList<ErrorCode> Codes);

internal sealed record QueryParameters(IReadOnlyList<QueryParameter> Parameters);

internal sealed record OptionalToken;

internal sealed record CsvExample(string Text);

internal sealed record HeaderParameter(string Name, string Description);
