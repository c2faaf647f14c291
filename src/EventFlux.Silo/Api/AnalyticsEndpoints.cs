using System.Text.Json;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api.OpenApi;
using Microsoft.OpenApi;

namespace EventFlux.Silo.Api;

/// <summary>What was sold, in numbers: <c>/api/events/…/stats</c>, <c>/api/events/analytics</c> and
/// <c>/api/bookings/analytics</c>.</summary>
internal static class AnalyticsEndpoints
{
    private const int DefaultRanked = 10;
    private const int MostRanked = 50;

    /// <summary>What all reports over many events take.</summary>
    public static readonly QueryParameter Currency = new(
        "currency", JsonSchemaType.String,
        "Of the amounts (ISO 4217): those of events in it. When left out, the one with the most revenue ever.");

    public static readonly QueryParameter Days = new(
        "days", JsonSchemaType.Integer, "So many UTC days, today last: 1 to 365; 30 when left out.", "int32");

    public static void MapAnalytics(this IEndpointRouteBuilder api)
    {
        api.MapGet("/events/analytics/popular", RankAsync).AllowAnonymous().IsPublicRead().WithTags("Events")
            .Answers<RankingResponse>().IsConditional()
            .Query(new QueryParameter(
                "limit", JsonSchemaType.Integer, "How many, 1 to 50; 10 when left out.", "int32"))
            .WithName("listPopularEvents").WithSummary("Rank events by tickets sold")
            .WithDescription("On sale or over; those that sold none are left out.");

        var admin = api.MapGroup("").RequireAuthorization(Policies.Admin);
        admin.MapGet("/events/{id}/stats", FindStatsAsync).WithTags("Events")
            .Answers<EventStatsResponse>().Refuses(ErrorCode.EventNotFound)
            .WithName("getEventStats").WithSummary("Get an event's figures")
            .WithDescription("Its counts of this moment, and what was ever booked and cancelled.");
        admin.MapGet("/bookings/analytics/stats", ReadPeriodAsync).WithTags("Bookings")
            .Answers<PeriodResponse>().Query(Currency)
            .WithName("getBookingStats").WithSummary("Get the totals of the last 30 days")
            .WithDescription("UTC days, today included.");
        admin.MapGet("/bookings/analytics/daily", ReadDailyAsync).WithTags("Bookings")
            .Answers<DailyResponse>().Query(Days, Currency)
            .WithName("listDailyBookings").WithSummary("List what was booked day by day, today last")
            .WithDescription("One row a UTC day, empty days included.");
    }

    /// <summary>The day that is now, in UTC.</summary>
    public static DateOnly Today(this TimeProvider time) => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private static async Task<IResult> RankAsync(
        HttpContext context, BriefReports reports, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var limit = query.Integer("limit", 1, MostRanked) ?? DefaultRanked;
        if (query.Problem is { } problem) return problem;

        var ranking = new RankingResponse(
            RankedEventResponse.From(await reports.PopularAsync(limit, cancellationToken)));
        var body = JsonSerializer.SerializeToUtf8Bytes(ranking, ApiJson.Options);
        return PublicReads.Answer(context, EntityTags.Of(body), () => TypedResults.Bytes(body, "application/json"));
    }

    private static async Task<IResult> FindStatsAsync(
        ResourceId id, AnalyticsQueries analytics, CancellationToken cancellationToken) =>
        await analytics.EventStatsAsync(id.Value, cancellationToken) is { } stats
            ? TypedResults.Ok(EventStatsResponse.From(stats))
            : Problems.EventNotFound;

    private static async Task<IResult> ReadPeriodAsync(
        HttpRequest request, AnalyticsQueries analytics, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var currency = query.Currency();
        if (query.Problem is { } problem) return problem;

        var days = DayRange.LastDays(time.Today(), QueryReader.DefaultDays);
        return TypedResults.Ok(PeriodResponse.Of(await analytics.PeriodAsync(days, currency, cancellationToken)));
    }

    private static async Task<IResult> ReadDailyAsync(
        HttpRequest request, AnalyticsQueries analytics, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var (days, currency) = (query.Days(time.Today()), query.Currency());
        if (query.Problem is { } problem) return problem;

        return TypedResults.Ok(DailyResponse.From(await analytics.ReportAsync(days, currency, cancellationToken)));
    }
}
