using Microsoft.Net.Http.Headers;

namespace EventFlux.Silo.Api;

/// <summary>What a page of ours may do in a browser: metadata of its endpoint, in place of the rule that nothing may.
/// </summary>
/// <param name="PolicyOf">The content security policy of this answer.</param>
internal sealed record PagePolicy(Func<HttpContext, string> PolicyOf);

/// <summary>
/// What every answer tells browsers and caches. Set when the answer starts: an error on the way clears the headers that
/// are there by then, and whether the client came by TLS is known only behind a trusted proxy's word for it.
/// </summary>
internal static class SecurityHeaders
{
    /// <summary>Answers are data: nothing in them runs, loads, or is shown within another page.</summary>
    public const string Data = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string NoFeatures =
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()";

    private const string OneYear = "max-age=31536000";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(static state =>
        {
            Set((HttpContext)state);
            return Task.CompletedTask;
        }, context);
        return next(context);
    });

    internal static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = NoFeatures;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // Keeps answers out of foreign pages' processes; what CORS allows is read all the same.
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.ContentSecurityPolicy =
            context.GetEndpoint()?.Metadata.GetMetadata<PagePolicy>()?.PolicyOf(context) ?? Data;
        // Whatever nobody has called public is somebody's own.
        if (headers.CacheControl.Count == 0) headers.CacheControl = CacheControlHeaderValue.NoStoreString;
        if (context.Request.IsHttps) headers.StrictTransportSecurity = OneYear;
    }
}
