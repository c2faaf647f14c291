using EventFlux.Contracts.RateLimiting;
using EventFlux.Grains.Storage;
using EventFlux.Silo.AdminConsole.Session;
using EventFlux.Silo.Api;
using ErrorCode = EventFlux.Silo.Api.ErrorCode;

namespace EventFlux.Silo.AdminConsole;

/// <summary>The API's exports for a browser, whose cookie the API itself never looks at.</summary>
internal static class ConsoleExports
{
    public const string DailyPath = "/console/export/daily";

    private const int Days = 365;

    private static readonly Problem NotFromHere =
        new(ErrorCode.InsufficientPermissions, "An export begins on the console's pages.");

    public static string BookingsPath(Guid eventId) => $"/console/export/events/{eventId}";

    public static void MapConsoleExports(this IEndpointRouteBuilder app)
    {
        var exports = app.MapGroup("/console/export")
            .RequireAuthorization(ConsoleSession.Policy).CountsIn(RateLimitTier.Admin).ExcludeFromDescription()
            .AddEndpointFilter(async (context, next) =>
                IsFromElsewhere(context.HttpContext.Request) ? NotFromHere : await next(context));
        exports.MapGet("/events/{id}", ExportBookingsAsync).TakesAsLongAsAnExport();
        exports.MapGet("/daily", ExportDaily).TakesAsLongAsAnExport();
    }

    /// <summary>A link elsewhere brings the cookie along; an export is more than a look.</summary>
    private static bool IsFromElsewhere(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin");

    private static async Task<IResult> ExportBookingsAsync(
        ResourceId id, CurrentUser user, HttpContext context, EventQueries events, CsvExports exports) =>
        await events.FindCreatorAsync(id.Value, context.RequestAborted) is null
            ? Problems.EventNotFound
            : exports.Bookings(id.Value, user.AsActor(context));

    private static IResult ExportDaily(CsvExports exports, TimeProvider time) =>
        exports.Daily(DayRange.LastDays(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), Days), currency: null);
}
