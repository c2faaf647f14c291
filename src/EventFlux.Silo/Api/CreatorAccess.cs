using EventFlux.Contracts.Events;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api.OpenApi;

namespace EventFlux.Silo.Api;

/// <summary>The rule for endpoints that belong to an event's creator and to admins.</summary>
internal static class CreatorAccess
{
    private static readonly Problem NotYours =
        new(ErrorCode.InsufficientPermissions, "Only the event's creator and admins may do this.");

    /// <summary>Lets the creator of the event in the path, and admins, pass. Somebody else's draft does not
    /// exist.</summary>
    /// <remarks>An event's creator never changes, so judging before the event itself is asked leaves no gap.</remarks>
    public static RouteHandlerBuilder RequireCreator(this RouteHandlerBuilder endpoint) =>
        endpoint.RequireAuthorization()
            .Refuses(ErrorCode.EventNotFound, ErrorCode.InsufficientPermissions)
            .AddEndpointFilter(static async (context, next) =>
        {
            var http = context.HttpContext;
            var events = http.RequestServices.GetRequiredService<EventQueries>();
            ResourceId.TryParse((http.GetRouteValue("id") ?? http.GetRouteValue("event_id")) as string, out var id);
            var found = await events.FindCreatorAsync(id.Value, http.RequestAborted);
            var user = CurrentUser.From(http.User)!;
            var mayPass = found is not null && (user.IsAdmin || found.CreatedBy == user.Id);
            if (mayPass) return await next(context);
            return found is null || found.Status == EventStatus.Draft ? Problems.EventNotFound : NotYours;
        });
}
