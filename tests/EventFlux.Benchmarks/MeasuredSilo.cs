using EventFlux.Contracts.RateLimiting;
using EventFlux.Silo.Api;
using EventFlux.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventFlux.Benchmarks;

/// <summary>A silo as its program's but for the console's pages, with three endpoints more: two that do everything for
/// a booking but the booking, one of them without asking who books, and one that tells how much memory is in
/// use.</summary>
internal static class MeasuredSilo
{
    public const string Verb = "measured-silo";
    public const string NoOp = "/api/no-op";
    public const string NoOpForAnyone = "/api/no-op-for-anyone";
    public const string Heap = "/bench/heap";

    public static Task RunAsync() => BenchSilo.RunAsync(
        builder => builder.AddMaintenance(),
        app =>
        {
            // As POST /api/bookings: the same filters, body, rules, user and form of answer, but no grain and no
            // database.
            app.MapPostOfBooking(NoOp, AnswerUser).RequireAuthorization().CountsIn(RateLimitTier.Booking);
            app.MapPostOfBooking(NoOpForAnyone, AnswerAnyone).AllowAnonymous();
            app.MapGet(Heap, () => GC.GetTotalMemory(forceFullCollection: true)).AllowAnonymous();
        });

    private static RouteHandlerBuilder MapPostOfBooking(
        this IEndpointRouteBuilder app, string path, Delegate answer) =>
        app.MapGroup("").RefuseUnknownQuery().MapPost(path, answer).Validate<CreateBookingRequest>();

    private static IResult AnswerAnyone(CreateBookingRequest body, TimeProvider time) => Answer(body, Guid.Empty, time);

    private static IResult AnswerUser(CreateBookingRequest body, CurrentUser user, TimeProvider time) =>
        Answer(body, user.Id, time);

    private static IResult Answer(CreateBookingRequest body, Guid userId, TimeProvider time)
    {
        var (id, now) = (Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow());
        var booking = new BookingResponse(
            id, "EVT-0123456789ABC", body.EventId!.Value, "The hottest event", "A hall", now.AddDays(30), userId,
            body.Quantity!.Value, 10m, 10m, "USD", "confirmed", now, null, null);
        return TypedResults.Created($"/api/bookings/{id}", booking);
    }
}
