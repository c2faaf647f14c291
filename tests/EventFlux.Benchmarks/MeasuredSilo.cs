using EventFlux.Contracts.RateLimiting;
using EventFlux.Silo.Api;
using EventFlux.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EventFlux.Benchmarks;

/// <summary>A silo as its program's but for the console's pages, with two endpoints more: one that does everything for
/// a booking but the booking, and one that tells how much memory is in use.</summary>
internal static class MeasuredSilo
{
    public const string Verb = "measured-silo";
    public const string NoOp = "/api/no-op";
    public const string Heap = "/bench/heap";

    public static Task RunAsync() => BenchSilo.RunAsync(
        builder => builder.AddMaintenance(),
        app =>
        {
            // As POST /api/bookings: the same filters, body, rules, user and form of answer, but no grain and no
            // database.
            app.MapGroup("/api").RefuseUnknownQuery()
                .MapPost("/no-op", Answer).RequireAuthorization().CountsIn(RateLimitTier.Booking)
                .Validate<CreateBookingRequest>();
            app.MapGet(Heap, () => GC.GetTotalMemory(forceFullCollection: true)).AllowAnonymous();
        });

    private static IResult Answer(CreateBookingRequest body, CurrentUser user, TimeProvider time)
    {
        var (id, now) = (Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow());
        var booking = new BookingResponse(
            id, "EVT-0123456789ABC", body.EventId!.Value, "The hottest event", "A hall", now.AddDays(30), user.Id,
            body.Quantity!.Value, 10m, 10m, "USD", "confirmed", now, null);
        return TypedResults.Created($"/api/bookings/{id}", booking);
    }
}
