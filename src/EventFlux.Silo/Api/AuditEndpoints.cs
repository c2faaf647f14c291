using EventFlux.Contracts.RateLimiting;
using EventFlux.Grains.Audit;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api.OpenApi;
using Microsoft.OpenApi;

namespace EventFlux.Silo.Api;

/// <summary><c>/api/admin/audit</c>: who changed what.</summary>
internal static class AuditEndpoints
{
    private static readonly (string Word, AuditAction Action)[] Actions =
        [.. Enum.GetValues<AuditAction>().Select(action => (action.ToText(), action))];

    public static void MapAudit(this IEndpointRouteBuilder api) =>
        api.MapGet("/admin/audit", ListAsync).RequireAuthorization(Policies.Admin).CountsIn(RateLimitTier.Admin)
            .WithTags("Administration")
            .AnswersPages<AuditEntryResponse>(
                new QueryParameter("actor", JsonSchemaType.String, "Only what that user did.", "uuid"),
                new QueryParameter(
                    "subject", JsonSchemaType.String, "Only what was done to that event, booking or user.", "uuid"),
                new QueryParameter(
                    "action", JsonSchemaType.String, "Only those.", null, [.. Actions.Select(one => one.Word)]),
                new QueryParameter("from", JsonSchemaType.String, "From that day or instant on."),
                new QueryParameter("to", JsonSchemaType.String, "Until that day or instant, inclusive."))
            .WithName("listAudit").WithSummary("List who changed what, newest first")
            .WithDescription(
                "What admins and creators did to events and to other people's bookings, and changes of credentials.");

    private static async Task<IResult> ListAsync(
        HttpContext context, AuditQueries audit, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var page = query.Page();
        var filter = new AuditFilter(
            query.Id("actor"), query.Id("subject"), query.Choice("action", Actions), query.InstantOrDay("from"),
            query.InstantOrDay("to", end: true));
        if (query.Problem is { } problem) return problem;

        var found = await audit.ListAsync(filter, page, cancellationToken);
        return TypedResults.Ok(PageResponse<AuditEntryResponse>.From(context.Request, found, AuditEntryResponse.From));
    }
}
