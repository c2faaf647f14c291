using System.Text.Json;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api.OpenApi;

namespace EventFlux.Silo.Api;

/// <summary><c>/api/events</c>: the programme, and what organisers do with it.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        var events = api.MapGroup("/events").WithTags("Events");
        events.MapGet("/", ListAsync).IsPublicRead().HearsToken().IsConditional()
            .AnswersPages<EventResponse>(EventFilterQuery.Parameters("Active when left out."))
            .Refuses(ErrorCode.MissingToken, ErrorCode.InsufficientPermissions)
            .WithName("listEvents").WithSummary("List events")
            .WithDescription("Active events to come; other statuses are for admins.");
        events.MapGet("/{id}", FindAsync).IsPublicRead().Answers<EventResponse>().IsConditional().HearsToken()
            .Refuses(ErrorCode.EventNotFound)
            .WithName("getEvent").WithSummary("Get one event")
            .WithDescription("A draft is there for its creator and admins only.");
        events.MapPost("/", CreateAsync).RequireAuthorization(Policies.Admin).CountsIn(RateLimitTier.Admin)
            .Validate<CreateEventRequest>()
            .Answers<EventResponse>(StatusCodes.Status201Created)
            .WithName("createEvent").WithSummary("Create an event")
            .WithDescription("It is on sale at once, unless its status is draft.");
        events.MapPut("/{id}", UpdateAsync).CountsIn(RateLimitTier.Admin)
            .Validate<UpdateEventRequest>().RequireCreator()
            .Answers<EventResponse>().Refuses(ErrorCode.CapacityBelowBooked, ErrorCode.PreconditionFailed)
            .Header("If-Match", "The ETag that the change builds on; bookings never make it stale.")
            .WithName("updateEvent").WithSummary("Change an event: members left out stay as they are")
            .WithDescription("Cancelling it cancels its bookings and closes its waitlist, for good.");
        events.MapDelete("/{id}", DeleteAsync).CountsIn(RateLimitTier.Admin).RequireCreator()
            .AnswersNothing().Refuses(ErrorCode.EventHasBookings)
            .WithName("deleteEvent").WithSummary("Delete an event without confirmed bookings")
            .WithDescription("Its cancelled bookings stay, and still name it.");
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, EventQueries events, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var page = query.Page();
        var filter = EventFilterQuery.Read(query, EventStatus.Active);
        if (filter.Status != EventStatus.Active && Refusal(context) is { } refusal) return refusal;
        if (query.Problem is { } problem) return problem;

        var found = await events.ListAsync(filter, page, cancellationToken);
        var body = JsonSerializer.SerializeToUtf8Bytes(
            PageResponse<EventResponse>.From(context.Request, found, EventResponse.From), ApiJson.Options);
        return PublicReads.Answer(context, EntityTags.Of(body), () => TypedResults.Bytes(body, "application/json"));
    }

    private static async Task<IResult> FindAsync(
        ResourceId id, HttpContext context, EventQueries events, CancellationToken cancellationToken)
    {
        var row = await events.FindAsync(id.Value, cancellationToken);
        return row is null || !MaySee(context, row)
            ? Problems.EventNotFound
            : PublicReads.Answer(context, EntityTags.Of(row), () => TypedResults.Ok(EventResponse.From(row)));
    }

    private static async Task<IResult> CreateAsync(
        CreateEventRequest body, CurrentUser user, HttpContext context, EventEditing editing,
        CancellationToken cancellationToken)
    {
        var (row, problem) = await editing.CreateAsync(
            body, user, user.AsActor(context), asked: null, cancellationToken);
        if (problem is not null) return problem;

        context.Response.Headers.ETag = EntityTags.Of(row!);
        return TypedResults.Created($"/api/events/{row!.Id}", EventResponse.From(row));
    }

    private static async Task<IResult> UpdateAsync(
        ResourceId id, UpdateEventRequest body, CurrentUser user, HttpContext context, EventEditing editing,
        CancellationToken cancellationToken)
    {
        var (row, problem) = await editing.UpdateAsync(
            id.Value, body, EntityTags.ReadIfMatch(context.Request), user.AsActor(context), cancellationToken);
        if (problem is not null) return problem;

        context.Response.Headers.ETag = EntityTags.Of(row!);
        return TypedResults.Ok(EventResponse.From(row!));
    }

    private static async Task<IResult> DeleteAsync(
        ResourceId id, CurrentUser user, HttpContext context, EventEditing editing) =>
        await editing.DeleteAsync(id.Value, user.AsActor(context), context.RequestAborted) is { } problem
            ? problem
            : TypedResults.NoContent();

    /// <summary>Events in other states than active are for admins. The challenge says what is wrong with a token.
    /// </summary>
    private static IResult? Refusal(HttpContext context) => CurrentUser.From(context.User) switch
    {
        null => TypedResults.Challenge(),
        { IsAdmin: false } => TypedResults.Forbid(),
        _ => null,
    };

    /// <summary>A draft is its creator's and admins' alone.</summary>
    public static bool MaySee(HttpContext context, EventRow row) =>
        row.Status != EventStatus.Draft
        || (CurrentUser.From(context.User) is { } user && (user.IsAdmin || user.Id == row.CreatedBy));
}
