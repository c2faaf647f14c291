using EventFlux.Silo.Api.OpenApi;

namespace EventFlux.Silo.Api;

/// <summary>
/// Judges the query before an endpoint looks anything up, where the query is nobody else's business: parameters of an
/// endpoint that takes none, and the paging of one that takes no more. An endpoint with filters reads them itself.
/// </summary>
internal static class StrictQuery
{
    public static TBuilder RefuseUnknownQuery<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddEndpointFilter(static (context, next) =>
        {
            var http = context.HttpContext;
            var parameters = http.GetEndpoint()?.Metadata.GetMetadata<QueryParameters>()?.Parameters ?? [];
            var isPaged = parameters.SequenceEqual(QueryParameter.Paging);
            if (parameters.Count > 0 && !isPaged) return next(context);

            var query = new QueryReader(http.Request);
            if (isPaged) query.Page();
            return query.Problem is { } problem ? new(problem) : next(context);
        });
}
