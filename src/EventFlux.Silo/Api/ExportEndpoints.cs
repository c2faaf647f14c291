using EventFlux.Contracts.RateLimiting;
using EventFlux.Silo.Api.OpenApi;
using Microsoft.AspNetCore.Http.Timeouts;

namespace EventFlux.Silo.Api;

/// <summary>Lists as files.</summary>
internal static class ExportEndpoints
{
    private const string BookingsExample =
        "booking_reference,status,quantity,unit_price,total_amount,currency,booked_at,cancelled_at,first_name,"
        + "last_name,email,user_id,id\r\n"
        + "EVT-7Q2M0V9KXB4TD,confirmed,2,28.00,56.00,GBP,2030-03-01T09:30:00Z,,Ada,Moss,ada.moss@shop.example,"
        + "01970000-0000-7000-8000-0000000000a1,01970000-0000-7000-8000-0000000000b1\r\n";

    private const string DailyExample =
        "date,bookings,tickets,revenue,cancellations,refunded,currency,waitlist_joins,offers,conversions\r\n"
        + "2030-03-01,12,25,700.00,1,56.00,GBP,3,2,1\r\n";

    public static void MapExports(this IEndpointRouteBuilder api)
    {
        api.MapGet("/events/{id}/bookings/export", ExportBookings).RequireCreator().AnswersCsv(BookingsExample)
            .CountsIn(RateLimitTier.Admin).WithTags("Events").TakesAsLongAsAnExport()
            .WithName("exportEventBookings").WithSummary("Get an event's bookings as a CSV file, newest first")
            .WithDescription(
                "With names and e-mail addresses, for the event's creator and admins; it is noted in the audit log.");
        api.MapGet("/bookings/analytics/daily/export", ExportDaily).AnswersCsv(DailyExample)
            .Query(AnalyticsEndpoints.Days, AnalyticsEndpoints.Currency)
            .RequireAuthorization(Policies.Admin).CountsIn(RateLimitTier.Admin)
            .WithTags("Bookings").TakesAsLongAsAnExport()
            .WithName("exportDailyBookings").WithSummary("Get what was booked day by day as a CSV file, today last")
            .WithDescription("One row a UTC day, empty days included.");
    }

    /// <summary>In place of a request's usual time.</summary>
    public static RouteHandlerBuilder TakesAsLongAsAnExport(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new RequestTimeoutPolicy
        {
            Timeout = CsvExports.TimeLimit, WriteTimeoutResponse = ApiModule.TooSlow.ExecuteAsync,
        });

    private static IResult ExportBookings(ResourceId id, CurrentUser user, HttpContext context, CsvExports exports) =>
        exports.Bookings(id.Value, user.AsActor(context));

    private static IResult ExportDaily(HttpRequest request, CsvExports exports, TimeProvider time)
    {
        var query = new QueryReader(request);
        var (days, currency) = (query.Days(time.Today()), query.Currency());
        return query.Problem is { } problem ? problem : exports.Daily(days, currency);
    }
}
