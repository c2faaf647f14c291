using EventFlux.Contracts.RateLimiting;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api.OpenApi;

namespace EventFlux.Silo.Api;

/// <summary><c>/api/events/{id}/seats</c>: the plan, and what is kept out of the sale.</summary>
internal static class SeatEndpoints
{
    /// <summary>A plan of 100,000 seats has some 8 MB.</summary>
    private const int MaxPlanBytes = 16 * 1024 * 1024;

    public static void MapSeats(this IEndpointRouteBuilder api)
    {
        var seats = api.MapGroup("/events/{id}/seats").WithTags("Seats");
        seats.MapPut("/", SetPlanAsync).CountsIn(RateLimitTier.Admin).Validate<SeatPlanRequest>().RequireCreator()
            .WithMetadata(new BodyLimit(MaxPlanBytes))
            .Answers<EventResponse>().Header("If-Match", "The change is made only to this version of the event.")
            .Refuses(ErrorCode.EventNotFound, ErrorCode.SeatsInUse, ErrorCode.PreconditionFailed)
            .WithName("setSeatPlan").WithSummary("Give an event a seat plan, or change it")
            .WithDescription(
                "The whole plan, up to 100,000 seats, or another event's. Capacity and price follow from it. Seats "
                + "that are held or booked must stay in it, and keep what they cost.");
        seats.MapPut("/block", BlockAsync).CountsIn(RateLimitTier.Admin).Validate<BlockSeatsRequest>()
            .RequireCreator().WithMetadata(new BodyLimit(MaxPlanBytes)).Answers<EventResponse>()
            .Refuses(ErrorCode.EventNotFound, ErrorCode.SeatPlanNotFound, ErrorCode.SeatsInUse)
            .WithName("blockSeats").WithSummary("Take seats out of the sale")
            .WithDescription("All or none. The capacity falls with them.");
        seats.MapPut("/unblock", UnblockAsync).CountsIn(RateLimitTier.Admin).Validate<UnblockSeatsRequest>()
            .RequireCreator().WithMetadata(new BodyLimit(MaxPlanBytes)).Answers<EventResponse>()
            .Refuses(ErrorCode.EventNotFound, ErrorCode.SeatPlanNotFound)
            .WithName("unblockSeats").WithSummary("Put blocked seats back into the sale")
            .WithDescription("They go to the waiting first. Seats that are not blocked stay as they are.");
    }

    private static async Task<IResult> SetPlanAsync(
        ResourceId id, SeatPlanRequest body, CurrentUser user, HttpContext context, SeatEditing editing,
        EventQueries events, CancellationToken cancellationToken)
    {
        var problem = await editing.SetPlanAsync(
            id.Value, body, EntityTags.ReadIfMatch(context.Request), user.AsActor(context), cancellationToken);
        return problem ?? await EventNowAsync(id.Value, context, events, cancellationToken);
    }

    private static async Task<IResult> BlockAsync(
        ResourceId id, BlockSeatsRequest body, CurrentUser user, HttpContext context, SeatEditing editing,
        EventQueries events, CancellationToken cancellationToken)
    {
        var problem = await editing.BlockAsync(
            id.Value, [.. body.SeatIds!], body.Reason!, user.AsActor(context), cancellationToken);
        return problem ?? await EventNowAsync(id.Value, context, events, cancellationToken);
    }

    private static async Task<IResult> UnblockAsync(
        ResourceId id, UnblockSeatsRequest body, CurrentUser user, HttpContext context, SeatEditing editing,
        EventQueries events, CancellationToken cancellationToken)
    {
        var problem = await editing.BlockAsync(
            id.Value, [.. body.SeatIds!], reason: null, user.AsActor(context), cancellationToken);
        return problem ?? await EventNowAsync(id.Value, context, events, cancellationToken);
    }

    private static async Task<IResult> EventNowAsync(
        Guid id, HttpContext context, EventQueries events, CancellationToken cancellationToken)
    {
        if (await events.FindAsync(id, cancellationToken) is not { } row) return Problems.EventNotFound;
        context.Response.Headers.ETag = EntityTags.Of(row);
        return TypedResults.Ok(EventResponse.From(row));
    }
}
