using System.Globalization;
using EventFlux.Contracts.Events;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api.OpenApi;
using EventFlux.Silo.Observability;
using EventFlux.Silo.Seats;
using Microsoft.OpenApi;

namespace EventFlux.Silo.Api;

/// <summary><c>/api/events/{id}/seats</c> and <c>/api/events/{id}/availability/stream</c>: what buyers see of a
/// sale.</summary>
internal static class SeatReadEndpoints
{
    private const string Since = "since";
    private const string LastEventId = "Last-Event-ID";

    public static IServiceCollection AddSeatReads(this IServiceCollection services) => services
        .AddSingleton(provider =>
        {
            var grains = provider.GetRequiredService<IGrainFactory>();
            return new AvailabilityFeed(
                (id, since, patience, cancellationToken) =>
                    grains.GetGrain<IEventGrain>(id).WatchAvailabilityAsync(since, patience, cancellationToken),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<AvailabilityFeed>>());
        })
        .AddSingleton<PlanTexts>().AddSingleton<SeatMapReads>().AddSingleton<StreamsByAddress>();

    public static void MapSeatReads(this IEndpointRouteBuilder api)
    {
        api.MapGet("/events/{id}/seats", FindSeatsAsync).WithTags("Seats").IsPublicRead().IsConditional().HearsToken()
            .Answers<SeatMapResponse>()
            .Query(new QueryParameter(
                Since, JsonSchemaType.Integer,
                "The version of an earlier answer: only what has changed since then is answered.", "int64"))
            .Refuses(ErrorCode.EventNotFound, ErrorCode.SeatPlanNotFound)
            .WithName("getSeats").WithSummary("Get an event's seats and their states")
            .WithDescription(
                "Seats are arrays: number, x, y and, unless it is for everybody, kind. Where the changes since a "
                + "version are no longer known, or are longer than that, the answer is complete and its since null.");
        api.MapGet("/events/{id}/availability/stream", StreamAsync).WithTags("Seats").StaysOpen().HearsToken()
            .AnswersEvents<AvailabilityResponse>()
            .Query(new QueryParameter(
                Since, JsonSchemaType.Integer,
                "The version that the client has, of GET /api/events/{id}/seats for one: the stream begins with what "
                + "has changed since then.", "int64"))
            .Header(LastEventId, "As browsers send it when they come back: goes before the parameter.")
            .Refuses(ErrorCode.EventNotFound)
            .WithName("streamAvailability").WithSummary("Watch an event's tickets and seats")
            .WithDescription(
                "Server-sent events, at once and then with each change, at most about four a second. Events called "
                + "availability carry what is documented here, with the version as their id; the one called plan says "
                + "that the seats are others now: get them anew. A comment every 15 seconds is a sign of life.");
    }

    private static async Task<IResult> FindSeatsAsync(
        ResourceId id, HttpContext context, EventQueries events, SeatMapReads seats,
        CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var since = query.Long(Since);
        if (query.Problem is { } problem) return problem;
        var row = await events.FindAsync(id.Value, cancellationToken);
        return row is null || !EventEndpoints.MaySee(context, row)
            ? Problems.EventNotFound
            : await seats.AnswerAsync(context, row, since, cancellationToken);
    }

    private static async Task<IResult> StreamAsync(
        ResourceId id, HttpContext context, EventQueries events, AvailabilityFeed feed, StreamsByAddress streams,
        IHostApplicationLifetime lifetime, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request);
        var since = query.Long(Since);
        if (query.Problem is { } problem) return problem;
        // A browser repeats what it was sent last, whoever sent it: what is no version of ours begins anew.
        if (context.Request.Headers.TryGetValue(LastEventId, out var last))
            since = long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : null;

        var row = await events.FindAsync(id.Value, cancellationToken);
        if (row is null || !EventEndpoints.MaySee(context, row)) return Problems.EventNotFound;

        var place = streams.TryEnter(context.Connection.RemoteIpAddress);
        if (place is null) return TooManyStreams;
        AvailabilityFollower? follower = null;
        try
        {
            follower = feed.Follow(row.Id);
            if (await follower.ReachAsync(row.CountsVersion, cancellationToken))
            {
                var stream = new AvailabilityStream(follower, place, since, time, lifetime.ApplicationStopping);
                (follower, place) = (null, null);
                return stream;
            }

            return Problems.EventNotFound;
        }
        finally
        {
            follower?.Dispose();
            place?.Dispose();
        }
    }

    private static readonly Problem TooManyStreams = new(
        ErrorCode.RateLimitExceeded, $"At most {StreamsByAddress.MaxStreams} streams may be open from one address.");
}
