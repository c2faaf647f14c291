using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace EventFlux.Silo.Api;

/// <summary>
/// Refuses a body by its headers: too long, or not JSON in UTF-8. Stands behind authorization, so that who asks is
/// judged before what is asked; the routing's own check of content types would come first.
/// </summary>
internal sealed class BodyRules(RequestDelegate next)
{
    /// <summary>What Kestrel enforces too, for bodies that don't tell their length in front.</summary>
    public const int MaxBytes = 64 * 1024;

    public static readonly Problem TooLarge = new(ErrorCode.BodyTooLarge, "A body may hold 64 KiB at most.");

    private static readonly Problem NoJson =
        new(ErrorCode.UnsupportedMediaType, "The body must be application/json in UTF-8.");

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        // What is large is read from admins alone: a body is read before it is known whose event it is for.
        var limit = CurrentUser.From(context.User) is { IsAdmin: true }
            ? context.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>()
            : null;
        if (request.ContentLength > (limit?.Bytes ?? MaxBytes))
        {
            // The body stays unread, so nothing can follow it on this connection.
            context.Response.Headers.Connection = "close";
            return (limit is null ? TooLarge : limit.Refusal).ExecuteAsync(context);
        }

        if (limit is not null
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = limit.Bytes;

        var takesBody = context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not null;
        // A body that is missing is a fault of its own; one that is announced as something else is not JSON.
        var hasType = request.ContentType is not null
            || context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
        if (takesBody && hasType && !IsJson(request.ContentType)) return NoJson.ExecuteAsync(context);

        // The framework's reader looks the charset up by its name, and fails on one in quotes.
        if (takesBody && hasType) request.ContentType = "application/json";
        return next(context);
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue
            || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}

/// <summary>What a body may have at an endpoint that takes whole documents.</summary>
internal sealed record BodyLimit(int Bytes)
{
    public Problem Refusal { get; } =
        new(ErrorCode.BodyTooLarge, $"A body may hold {Bytes / (1024 * 1024)} MiB at most here.");
}
