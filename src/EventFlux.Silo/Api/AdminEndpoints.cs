using EventFlux.Contracts.RateLimiting;
using EventFlux.Contracts.Users;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api.OpenApi;
using Microsoft.OpenApi;

namespace EventFlux.Silo.Api;

/// <summary><c>/api/admin</c>: the overview, everybody's accounts, and events in every status.</summary>
internal static class AdminEndpoints
{
    /// <summary>Bookings that are shown beside what they belong to; all of them have lists of their own.</summary>
    private static readonly PageRequest Newest = new(1, 50);

    public static void MapAdmin(this IEndpointRouteBuilder api)
    {
        var admin = api.MapGroup("/admin").RequireAuthorization(Policies.Admin).CountsIn(RateLimitTier.Admin)
            .WithTags("Administration");
        admin.MapGet("/dashboard", ReadDashboardAsync).Answers<DashboardResponse>().Query(AnalyticsEndpoints.Currency)
            .WithName("getDashboard").WithSummary("Get the overview")
            .WithDescription("All of it as of one instant, a second ago at most; reads sums, however much was sold.");
        admin.MapGet("/users", ListUsersAsync)
            .AnswersPages<AdminUserResponse>(new QueryParameter(
                "search", JsonSchemaType.String,
                "Words of the name, of which the last may be a beginning, or how the e-mail address begins."))
            .WithName("listUsers").WithSummary("List users, newest first")
            .WithDescription("Everybody who has signed up, unless a search is given.");
        admin.MapGet("/users/{id}", FindUserAsync).Answers<AdminUserDetailsResponse>().Refuses(ErrorCode.UserNotFound)
            .WithName("getUser").WithSummary("Get a user with bookings")
            .WithDescription("The newest 50 bookings, of every status.");
        admin.MapPut("/users/{id}/role", SetRoleAsync).Validate<SetRoleRequest>()
            .Answers<UserResponse>().Refuses(ErrorCode.UserNotFound, ErrorCode.LastAdmin)
            .WithName("setUserRole").WithSummary("Make a user an admin, or an admin a user")
            .WithDescription("The user's older tokens stop working. There is always one admin.");
        admin.MapGet("/events", ListEventsAsync)
            .AnswersPages<EventResponse>(EventFilterQuery.Parameters("Any when left out."))
            .WithName("listAllEvents").WithSummary("List events in every status")
            .WithDescription("Drafts, cancelled and completed ones too; deleted ones not.");
        admin.MapGet("/events/{id}/analytics", FindEventAnalyticsAsync)
            .Answers<EventAnalyticsResponse>().Query(AnalyticsEndpoints.Days).Refuses(ErrorCode.EventNotFound)
            .WithName("getEventAnalytics").WithSummary("Get an event's figures, daily rows and recent bookings")
            .WithDescription("Figures and rows as of one instant; the newest 50 bookings.");
    }

    private static async Task<IResult> ReadDashboardAsync(
        HttpRequest request, BriefReports reports, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var currency = query.Currency();
        if (query.Problem is { } problem) return problem;

        return TypedResults.Ok(DashboardResponse.From(await reports.DashboardAsync(currency, cancellationToken)));
    }

    private static async Task<IResult> ListUsersAsync(
        HttpRequest request, AdminUserQueries users, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var (page, search) = (query.Page(), query.Words("search"));
        if (query.Problem is { } problem) return problem;

        var found = await users.ListAsync(search, page, cancellationToken);
        return TypedResults.Ok(PageResponse<AdminUserResponse>.From(request, found, AdminUserResponse.From));
    }

    private static async Task<IResult> FindUserAsync(
        ResourceId id, AdminUserQueries users, BookingQueries bookings, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(id.Value, cancellationToken) is not { } user) return Problems.UserNotFound;

        var newest = await bookings.ListOfUserAsync(
            id.Value, status: null, upcomingOnly: false, Newest, cancellationToken);
        return TypedResults.Ok(AdminUserDetailsResponse.From(user, newest));
    }

    private static async Task<IResult> SetRoleAsync(
        ResourceId id, SetRoleRequest body, CurrentUser current, HttpContext context, RoleSetting roles,
        CancellationToken cancellationToken)
    {
        UserRoleText.TryParse(body.Role, out var role);
        var (user, problem) = await roles.SetAsync(id.Value, role, current.AsActor(context), cancellationToken);
        return problem is not null ? problem : TypedResults.Ok(UserResponse.From(user!));
    }

    private static async Task<IResult> ListEventsAsync(
        HttpRequest request, EventQueries events, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var (page, filter) = (query.Page(), EventFilterQuery.Read(query, otherwise: null));
        if (query.Problem is { } problem) return problem;

        var found = await events.ListAsync(filter, page, cancellationToken);
        return TypedResults.Ok(PageResponse<EventResponse>.From(request, found, EventResponse.From));
    }

    private static async Task<IResult> FindEventAnalyticsAsync(
        ResourceId id, HttpRequest request, AnalyticsQueries analytics, BookingQueries bookings, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var days = query.Days(time.Today());
        if (query.Problem is { } problem) return problem;
        if (await analytics.EventReportAsync(id.Value, days, cancellationToken) is not { } report)
            return Problems.EventNotFound;

        var recent = await bookings.ListOfEventAsync(id.Value, Newest, cancellationToken);
        return TypedResults.Ok(new EventAnalyticsResponse(
            EventStatsResponse.From(report.Stats), [.. report.Days.Select(DayResponse.From)],
            [.. recent.Items.Select(BookingResponse.From)]));
    }
}
