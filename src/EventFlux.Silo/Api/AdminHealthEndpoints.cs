using EventFlux.Silo.Api.OpenApi;
using EventFlux.Silo.Observability;

namespace EventFlux.Silo.Api;

/// <summary><c>/api/admin/health</c>: how the cluster is.</summary>
internal static class AdminHealthEndpoints
{
    /// <summary>Counts nowhere: when a silo is so busy that it turns clients away, its operator must see it. An answer
    /// is reused for half a second, so asking often costs nothing.</summary>
    public static void MapAdminHealth(this IEndpointRouteBuilder api) =>
        api.MapGet("/admin/health", ReadAsync).RequireAuthorization(Policies.Admin).CountsNowhere()
            .WithTags("Administration").Answers<ClusterHealthReport>()
            .WithName("readClusterHealth").WithSummary("See how the cluster is")
            .WithDescription(
                "The database, every silo with its process and its requests of the last five minutes, and the last "
                + "run of each maintenance job. Any silo answers for all, within little more than a second; one that "
                + "doesn't tell about itself by then is listed as such.");

    private static async Task<IResult> ReadAsync(ClusterHealth health, CancellationToken cancellationToken) =>
        TypedResults.Ok(await health.ReadAsync(cancellationToken));
}
