namespace EventFlux.Silo.Api;

/// <summary>Gives problem details to what the framework refuses with a bare status.</summary>
internal static class BareStatus
{
    public static Task WriteAsync(HttpContext context) =>
        context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new Problem(ErrorCode.RouteNotFound, "There is nothing at this path."),
            StatusCodes.Status405MethodNotAllowed =>
                new Problem(ErrorCode.MethodNotAllowed, $"Allowed here: {context.Response.Headers.Allow}."),
            StatusCodes.Status413PayloadTooLarge => BodyRules.TooLarge,
            StatusCodes.Status400BadRequest => new Problem(ErrorCode.MalformedRequest, "The request can't be read."),
            _ => null,
        } is { } problem
            ? problem.ExecuteAsync(context)
            : Task.CompletedTask;
}
