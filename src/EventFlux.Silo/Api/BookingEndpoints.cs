using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Grains.Bookings;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api.OpenApi;
using Microsoft.OpenApi;

namespace EventFlux.Silo.Api;

/// <summary><c>/api/bookings</c>: buying, looking up and giving back.</summary>
internal static class BookingEndpoints
{
    public static void MapBookings(this IEndpointRouteBuilder api)
    {
        var bookings = api.MapGroup("/bookings").WithTags("Bookings");
        bookings.MapGet("/reference/{reference}", FindByReferenceAsync).AllowAnonymous()
            .Answers<BookingReferenceResponse>().HearsToken().Refuses(ErrorCode.BookingNotFound)
            .WithName("getBookingByReference").WithSummary("Look a booking up by its reference")
            .WithDescription("Its owner and admins get the whole booking, anyone else a short form.");

        var own = bookings.MapGroup("").RequireAuthorization();
        own.MapPost("/", BookAsync).CountsIn(RateLimitTier.Booking).Validate<CreateBookingRequest>()
            .Answers<BookingResponse>(StatusCodes.Status201Created)
            .Header(IdempotentRequests.HeaderName, IdempotentRequests.HeaderHelp)
            .Refuses(
                ErrorCode.EventNotFound, ErrorCode.EventNotBookable, ErrorCode.InsufficientAvailability,
                ErrorCode.DuplicateBooking, ErrorCode.SeatsUnavailable, ErrorCode.HoldNotFound, ErrorCode.HoldExists,
                ErrorCode.IdempotencyKeyReused)
            .WithName("createBooking").WithSummary("Book tickets of an event")
            .WithDescription(
                "A quantity, the ids of seats, or a hold. Answered when the booking is durable. With an "
                + "Idempotency-Key a repeat is safe.");
        own.MapGet("/", ListAsync)
            .AnswersPages<BookingResponse>(
                new QueryParameter("status", JsonSchemaType.String, "Only those.", null, "confirmed", "cancelled"),
                new QueryParameter("upcoming_only", JsonSchemaType.Boolean, "Only those whose event is to come."))
            .WithName("listBookings").WithSummary("List your bookings, newest first")
            .WithDescription("Of every status, unless one is asked for.");
        own.MapGet("/{id}", FindAsync).Answers<BookingResponse>().Refuses(ErrorCode.BookingNotFound)
            .WithName("getBooking").WithSummary("Get one booking")
            .WithDescription("Somebody else's booking is not found, except by an admin.");
        own.MapPut("/{id}/cancel", CancelAsync).Answers<BookingResponse>()
            .Refuses(
                ErrorCode.BookingNotFound, ErrorCode.BookingAlreadyCancelled, ErrorCode.CancellationDeadlinePassed)
            .WithName("cancelBooking").WithSummary("Cancel a booking")
            .WithDescription("Until 24 hours before the event; an admin at any time.");

        api.MapGet("/events/{id}/bookings", ListOfEventAsync).RequireCreator().WithTags("Events")
            .AnswersPages<BookingResponse>()
            .WithName("listEventBookings").WithSummary("List an event's bookings, newest first")
            .WithDescription("For the event's creator and admins.");
    }

    private static Task<IResult> BookAsync(
        CreateBookingRequest body, CurrentUser user, HttpRequest request, EventCalls events,
        IdempotentRequests idempotency, BookingQueries bookings, TimeProvider time)
    {
        var eventId = body.EventId!.Value;
        var id = Guid.CreateVersion7(time.GetUtcNow());
        return idempotency.RunAsync(
            request, IdempotencyKeys.BookingScope, user.Id, body.Meaning,
            async claim =>
            {
                var (result, mayHaveActed) = await GrainCalls.CallAsync(
                    () => events.BookAsync(eventId, body.ToCommand(user.Id, claim, id)), time,
                    request.HttpContext.RequestAborted);
                if (mayHaveActed && result.Outcome != BookOutcome.Confirmed && await ReadAsync(id) is { } own)
                    return (own, false);
                IResult answer = Problems.Of(result) is { } problem ? problem : Created(result.Booking!);
                // A twin that booked a hold leaves none; one that took seats has them.
                return (answer, result.Outcome
                    is BookOutcome.DuplicateBooking or BookOutcome.KeyJustUsed or BookOutcome.HoldNotFound);
            },
            ReadAsync);

        async Task<IResult?> ReadAsync(Guid bookingId) =>
            await bookings.FindOfUserAsync(user.Id, bookingId, request.HttpContext.RequestAborted) is { } booking
                ? Created(booking)
                : null;
    }

    private static async Task<IResult> ListAsync(
        CurrentUser user, HttpRequest request, BookingQueries bookings, CancellationToken cancellationToken)
    {
        var query = new QueryReader(request);
        var page = query.Page();
        var status = query.Choice(
            "status", ("confirmed", BookingStatus.Confirmed), ("cancelled", BookingStatus.Cancelled));
        var upcomingOnly = query.Boolean("upcoming_only") ?? false;
        if (query.Problem is { } problem) return problem;

        var found = await bookings.ListOfUserAsync(user.Id, status, upcomingOnly, page, cancellationToken);
        return TypedResults.Ok(PageResponse<BookingResponse>.From(request, found, BookingResponse.From));
    }

    private static async Task<IResult> FindAsync(
        ResourceId id, CurrentUser user, BookingQueries bookings, CancellationToken cancellationToken)
    {
        return await FindVisibleAsync(user, id.Value, bookings, cancellationToken) is { } booking
            ? TypedResults.Ok(BookingResponse.From(booking))
            : Problems.BookingNotFound;
    }

    private static async Task<IResult> FindByReferenceAsync(
        string reference, HttpContext context, BookingQueries bookings, CancellationToken cancellationToken)
    {
        if (!BookingReference.TryParse(reference, out var parsed)) return Problems.BookingNotFound;
        if (await bookings.FindByReferenceAsync(parsed, cancellationToken) is not { } booking)
            return Problems.BookingNotFound;
        return CurrentUser.From(context.User) is { } user && (user.IsAdmin || booking.UserId == user.Id)
            ? TypedResults.Ok(BookingResponse.From(booking))
            : TypedResults.Ok(BookingReferenceResponse.From(booking));
    }

    private static async Task<IResult> CancelAsync(
        ResourceId id, CurrentUser user, HttpContext context, BookingCancelling cancelling, BookingQueries bookings,
        CancellationToken cancellationToken)
    {
        // Only an admin can reach somebody else's booking.
        var by = user.IsAdmin ? user.AsActor(context) : null;
        var (booking, problem) = await cancelling.CancelAsync(id.Value, user, by, cancellationToken);
        if (problem is not null) return problem;

        // Durable before the answer, so a row read now says so.
        booking ??= await FindVisibleAsync(user, id.Value, bookings, cancellationToken);
        return TypedResults.Ok(BookingResponse.From(booking!));
    }

    /// <summary>An admin sees anybody's; to all others the database shows their own.</summary>
    private static Task<BookingSnapshot?> FindVisibleAsync(
        CurrentUser user, Guid id, BookingQueries bookings, CancellationToken cancellationToken) =>
        user.IsAdmin
            ? bookings.FindAsync(id, cancellationToken)
            : bookings.FindOfUserAsync(user.Id, id, cancellationToken);

    private static Task<IResult> ListOfEventAsync(ResourceId id, HttpRequest request, BookingQueries bookings) =>
        PageResponse<BookingResponse>.AnswerAsync(
            request, (page, token) => bookings.ListOfEventAsync(id.Value, page, token), BookingResponse.From);

    private static IResult Created(BookingSnapshot booking) =>
        TypedResults.Created($"/api/bookings/{booking.Id}", BookingResponse.From(booking));
}
