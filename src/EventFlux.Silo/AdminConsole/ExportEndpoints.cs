using EventFlux.Silo.AdminConsole.Session;
using EventFlux.Silo.Api;

namespace EventFlux.Silo.AdminConsole;

/// <summary>The API's exports for a browser, whose cookie the API itself never looks at.</summary>
internal static class ExportEndpoints
{
    public const string DailyPath = "/console/export/daily";

    public static string BookingsPath(Guid eventId) => $"/console/export/events/{eventId}";

    public static void MapExports(this IEndpointRouteBuilder app)
    {
        app.MapGet(
                "/console/export/events/{id}",
                (ResourceId id, HttpContext context, CsvExports exports) =>
                    exports.BookingsAsync(id.Value, CurrentUser.From(context.User)!, context))
            .RequireAuthorization(ConsoleSession.Policy).IsExport().ExcludeFromDescription();
        app.MapGet(
                DailyPath, (HttpContext context, CsvExports exports) => exports.DailyAsync(365, null, context))
            .RequireAuthorization(ConsoleSession.Policy).IsExport().ExcludeFromDescription();
    }
}
