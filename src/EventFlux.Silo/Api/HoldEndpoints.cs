using EventFlux.Contracts.Events;
using EventFlux.Contracts.Holds;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api.OpenApi;
using Microsoft.AspNetCore.Mvc;

namespace EventFlux.Silo.Api;

/// <summary><c>/api/events/{id}/holds</c> and <c>/api/holds</c>: tickets set aside while somebody pays.</summary>
internal static class HoldEndpoints
{
    public static void MapHolds(this IEndpointRouteBuilder api)
    {
        api.MapGet("/holds", ListAsync).RequireAuthorization().WithTags("Holds").AnswersPages<HoldResponse>()
            .WithName("listHolds").WithSummary("List your open holds, those that end first in front")
            .WithDescription("Book one with POST /api/bookings and its hold_id.");

        var holds = api.MapGroup("/events/{id}/holds").RequireAuthorization().WithTags("Holds");
        holds.MapPost("/", HoldAsync).CountsIn(RateLimitTier.Booking).Validate<HoldRequest>()
            .Answers<HoldResponse>(StatusCodes.Status201Created)
            .Header(IdempotentRequests.HeaderName, IdempotentRequests.HeaderHelp)
            .Refuses(
                ErrorCode.EventNotFound, ErrorCode.EventNotBookable, ErrorCode.InsufficientAvailability,
                ErrorCode.DuplicateBooking, ErrorCode.SeatsUnavailable, ErrorCode.HoldExists,
                ErrorCode.IdempotencyKeyReused)
            .WithName("createHold").WithSummary("Set tickets aside for a checkout")
            .WithDescription(
                "A quantity, the ids of seats, or the best that are available: all or nothing, one open hold at a "
                + "time. Prices are kept. The holder of a waitlist offer holds the offered tickets. A place in the "
                + "queue ends with the hold.");
        holds.MapGet("/{hold_id}", FindAsync).Answers<HoldResponse>().Refuses(ErrorCode.HoldNotFound)
            .WithName("getHold").WithSummary("Get one of your holds")
            .WithDescription("Ended ones are kept for a day or two.");
        holds.MapPut("/{hold_id}/extend", ExtendAsync).Answers<HoldResponse>()
            .Refuses(ErrorCode.EventNotFound, ErrorCode.HoldNotFound, ErrorCode.HoldAlreadyExtended)
            .WithName("extendHold").WithSummary("Let a hold last once more as long")
            .WithDescription("Once, and never beyond the event's date.");
        holds.MapDelete("/{hold_id}", ReleaseAsync).AnswersNothing()
            .Refuses(ErrorCode.EventNotFound, ErrorCode.HoldNotFound)
            .WithName("releaseHold").WithSummary("Give held tickets back")
            .WithDescription("They go to the waiting first.");
    }

    private static Task<IResult> HoldAsync(
        ResourceId id, HoldRequest body, CurrentUser user, HttpRequest request, IGrainFactory grains,
        IdempotentRequests idempotency, HoldQueries holds, TimeProvider time)
    {
        var holdId = Guid.CreateVersion7(time.GetUtcNow());
        return idempotency.RunAsync(
            request, IdempotencyKeys.HoldScope, user.Id, body.MeaningFor(id.Value),
            async claim =>
            {
                var (result, mayHaveActed) = await GrainCalls.CallAsync(
                    () => grains.GetGrain<IEventGrain>(id.Value)
                        .HoldAsync(body.ToCommand(user.Id, claim, holdId), CancellationToken.None),
                    time, request.HttpContext.RequestAborted);
                if (mayHaveActed && result.Outcome != HoldOutcome.Held && await ReadAsync(holdId) is { } own)
                    return (own, false);
                IResult answer = Problems.Of(result) is { } problem ? problem : Created(result.Hold!);
                // A twin may hold the tickets, or have held and booked them.
                return (answer, result.Outcome
                    is HoldOutcome.HoldExists or HoldOutcome.DuplicateBooking or HoldOutcome.KeyJustUsed);
            },
            ReadAsync);

        async Task<IResult?> ReadAsync(Guid found) =>
            await holds.FindOfUserAsync(user.Id, id.Value, found, request.HttpContext.RequestAborted) is { } hold
                ? Created(hold)
                : null;
    }

    private static Task<IResult> ListAsync(CurrentUser user, HttpRequest request, HoldQueries holds) =>
        PageResponse<HoldResponse>.AnswerAsync(
            request, (page, token) => holds.ListOpenAsync(user.Id, page, token), HoldResponse.From);

    private static async Task<IResult> FindAsync(
        ResourceId id, [FromRoute(Name = "hold_id")] ResourceId holdId, CurrentUser user, HoldQueries holds,
        CancellationToken cancellationToken) =>
        await holds.FindOfUserAsync(user.Id, id.Value, holdId.Value, cancellationToken) is { } hold
            ? TypedResults.Ok(HoldResponse.From(hold))
            : Problems.HoldNotFound;

    private static async Task<IResult> ExtendAsync(
        ResourceId id, [FromRoute(Name = "hold_id")] ResourceId holdId, CurrentUser user, IGrainFactory grains,
        HoldQueries holds, TimeProvider time, CancellationToken cancellationToken)
    {
        var (result, mayHaveActed) = await GrainCalls.CallAsync(
            () => grains.GetGrain<IEventGrain>(id.Value)
                .ExtendHoldAsync(user.Id, holdId.Value, CancellationToken.None),
            time, cancellationToken);
        // Its own lost try has done it.
        if (mayHaveActed && result.Outcome == HoldOutcome.AlreadyExtended
            && await holds.FindOfUserAsync(user.Id, id.Value, holdId.Value, cancellationToken) is { } hold)
            return TypedResults.Ok(HoldResponse.From(hold));
        return Problems.Of(result) is { } problem ? problem : TypedResults.Ok(HoldResponse.From(result.Hold!));
    }

    private static async Task<IResult> ReleaseAsync(
        ResourceId id, [FromRoute(Name = "hold_id")] ResourceId holdId, CurrentUser user, IGrainFactory grains,
        TimeProvider time, CancellationToken cancellationToken)
    {
        var (outcome, mayHaveActed) = await GrainCalls.CallAsync(
            () => grains.GetGrain<IEventGrain>(id.Value)
                .ReleaseHoldAsync(user.Id, holdId.Value, CancellationToken.None),
            time, cancellationToken);
        if (mayHaveActed && outcome == ReleaseHoldOutcome.HoldNotFound) outcome = ReleaseHoldOutcome.Released;
        return Problems.Of(outcome) is { } problem ? problem : TypedResults.NoContent();
    }

    private static IResult Created(HoldSnapshot hold) =>
        TypedResults.Created($"/api/events/{hold.EventId}/holds/{hold.Id}", HoldResponse.From(hold));
}
