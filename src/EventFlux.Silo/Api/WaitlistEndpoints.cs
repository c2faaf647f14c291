using EventFlux.Contracts.Events;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Contracts.Waitlist;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api.OpenApi;
using Microsoft.AspNetCore.Mvc;

namespace EventFlux.Silo.Api;

/// <summary><c>/api/waitlist</c>: waiting for tickets, in the order of joining.</summary>
internal static class WaitlistEndpoints
{
    public static void MapWaitlist(this IEndpointRouteBuilder api)
    {
        var waitlist = api.MapGroup("/waitlist").WithTags("Waitlist").RequireAuthorization();
        waitlist.MapGet("/", ListAsync).AnswersPages<WaitlistEntryResponse>()
            .WithName("listWaitlistEntries").WithSummary("List your waitlist entries, newest first")
            .WithDescription("Of every status; those that wait, with their position.");
        waitlist.MapPost("/join", JoinAsync).CountsIn(RateLimitTier.Booking).Validate<JoinWaitlistRequest>()
            .Answers<WaitlistEntryResponse>(StatusCodes.Status201Created)
            .Header(IdempotentRequests.HeaderName, IdempotentRequests.HeaderHelp)
            .Refuses(
                ErrorCode.EventNotFound, ErrorCode.EventNotBookable, ErrorCode.TicketsStillAvailable,
                ErrorCode.AlreadyOnWaitlist, ErrorCode.DuplicateBooking, ErrorCode.HoldExists,
                ErrorCode.IdempotencyKeyReused)
            .WithName("joinWaitlist").WithSummary("Join an event's waitlist")
            .WithDescription(
                "When fewer tickets are free than asked for, or no such seats side by side. With an Idempotency-Key a "
                + "repeat is safe.");
        waitlist.MapDelete("/{event_id}", LeaveAsync).AnswersNothing()
            .Refuses(ErrorCode.EventNotFound, ErrorCode.WaitlistEntryNotFound)
            .WithName("leaveWaitlist").WithSummary("Leave an event's waitlist, or give an offer up")
            .WithDescription("Tickets that an offer held go to the next in line.");
        waitlist.MapGet("/notifications", ListOffersAsync).AnswersPages<OfferResponse>()
            .WithName("listOffers").WithSummary("List your open offers, those that end first in front")
            .WithDescription("Each holds its tickets until it ends; book them with an ordinary booking.");
        waitlist.MapGet("/event/{event_id}", ListQueueAsync).RequireCreator().AnswersPages<WaitlistEntryResponse>()
            .WithName("listEventQueue").WithSummary("List an event's queue in the order of joining")
            .WithDescription("For the event's creator and admins: who waits, and who holds an offer.");
    }

    private static Task<IResult> JoinAsync(
        JoinWaitlistRequest body, CurrentUser user, HttpRequest request, EventCalls events,
        IdempotentRequests idempotency, WaitlistQueries waitlist, TimeProvider time)
    {
        var (eventId, quantity) = (body.EventId!.Value, body.Quantity!.Value);
        var id = Guid.CreateVersion7(time.GetUtcNow());
        return idempotency.RunAsync(
            request, IdempotencyKeys.WaitlistScope, user.Id, $"{eventId:D} {quantity}{body.SectionsMeant}",
            async claim =>
            {
                var (result, mayHaveActed) = await GrainCalls.CallAsync(
                    () => events.JoinWaitlistAsync(eventId, new(
                        user.Id, quantity, claim, id, body.Sections is null ? default : [.. body.Sections])), time,
                    request.HttpContext.RequestAborted);
                if (mayHaveActed && result.Outcome != JoinWaitlistOutcome.Joined && await ReadAsync(id) is { } own)
                    return (own, false);
                IResult answer = Problems.Of(result) is { } problem
                    ? problem
                    : Created(WaitlistEntryResponse.From(result.Entry!));
                // A twin may have joined, or joined, been offered tickets and seen them booked.
                return (answer, result.Outcome
                    is JoinWaitlistOutcome.AlreadyOnWaitlist or JoinWaitlistOutcome.DuplicateBooking
                    or JoinWaitlistOutcome.KeyJustUsed);
            },
            ReadAsync);

        async Task<IResult?> ReadAsync(Guid entryId) =>
            await waitlist.FindOfUserAsync(user.Id, entryId, request.HttpContext.RequestAborted) is { } entry
                ? Created(WaitlistEntryResponse.From(entry))
                : null;
    }

    private static async Task<IResult> LeaveAsync(
        [FromRoute(Name = "event_id")] ResourceId eventId, CurrentUser user,
        IGrainFactory grains, TimeProvider time, CancellationToken cancellationToken)
    {
        var (outcome, mayHaveActed) = await GrainCalls.CallAsync(
            () => grains.GetGrain<IEventGrain>(eventId.Value).LeaveWaitlistAsync(user.Id, CancellationToken.None),
            time, cancellationToken);
        if (mayHaveActed && outcome == LeaveWaitlistOutcome.EntryNotFound) outcome = LeaveWaitlistOutcome.Left;
        return Problems.Of(outcome) is { } problem ? problem : TypedResults.NoContent();
    }

    private static Task<IResult> ListAsync(CurrentUser user, HttpRequest request, WaitlistQueries waitlist) =>
        PageResponse<WaitlistEntryResponse>.AnswerAsync(
            request, (page, token) => waitlist.ListOfUserAsync(user.Id, page, token), WaitlistEntryResponse.From);

    private static Task<IResult> ListOffersAsync(CurrentUser user, HttpRequest request, WaitlistQueries waitlist) =>
        PageResponse<OfferResponse>.AnswerAsync(
            request, (page, token) => waitlist.ListOpenOffersAsync(user.Id, page, token), OfferResponse.From);

    private static Task<IResult> ListQueueAsync(
        [FromRoute(Name = "event_id")] ResourceId eventId, HttpRequest request, WaitlistQueries waitlist) =>
        PageResponse<WaitlistEntryResponse>.AnswerAsync(
            request, (page, token) => waitlist.ListQueueAsync(eventId.Value, page, token), WaitlistEntryResponse.From);

    /// <summary>The place is where it can be left; the event's queue is not for everybody.</summary>
    private static IResult Created(WaitlistEntryResponse entry) =>
        TypedResults.Created($"/api/waitlist/{entry.EventId}", entry);
}
