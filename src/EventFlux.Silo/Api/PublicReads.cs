using Microsoft.AspNetCore.ResponseCompression;

namespace EventFlux.Silo.Api;

/// <summary>
/// Reads that are one and the same for everybody who sends no token. Only these are kept in the cache and compressed:
/// they hold no secret, and what a caller put into the request is not in them, so their length gives nothing away.
/// </summary>
internal static class PublicReads
{
    private const string Policy = "public reads";
    private const long MaxCacheBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    public static IServiceCollection AddPublicReads(this IServiceCollection services)
    {
        services.AddOutputCache(cache =>
        {
            cache.SizeLimit = MaxCacheBytes;
            // The default rules keep what carries a token, or a user, out of the cache, and vary by the whole query.
            // The encoding is the one agreed on: whatever a client writes, there are three.
            cache.AddPolicy(Policy, policy => policy.Expire(Lifetime)
                .VaryByValue(context => KeyValuePair.Create("encoding", EncodingOf(context) ?? "")));
        });
        return services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
            compression.MimeTypes = ["application/json"];
        });
    }

    /// <summary>Compression behind the cache: an answer is compressed once, not for each who asks.</summary>
    public static void UsePublicReads(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            // A client has no say over our cache, which would answer only-if-cached with a bare 504.
            context.Request.Headers.CacheControl = default;
            return next(context);
        });
        app.UseOutputCache();
        app.UseWhen(IsShared, shared => shared.UseResponseCompression());
    }

    /// <summary>An answer to everybody is made once a second on a silo, however many ask for it.</summary>
    public static RouteHandlerBuilder IsPublicRead(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new PublicRead()).CacheOutput(Policy);

    /// <summary>Names the representation, and answers 304 to who holds it already. What a token was sent with is that
    /// caller's alone.</summary>
    /// <param name="tag">Of the content; each encoding of it gets a tag of its own, as strong tags must.</param>
    public static IResult Answer(HttpContext context, string tag, Func<IResult> answer)
    {
        var headers = context.Response.Headers;
        var named = EncodingOf(context) is { } encoding ? EntityTags.Encoded(tag, encoding) : tag;
        headers.ETag = named;
        headers.Vary = "Accept-Encoding, Authorization, Origin";
        headers.CacheControl = IsShared(context) ? "public, max-age=1" : "private, no-cache";
        return EntityTags.IsKnown(context.Request, named)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : answer();
    }

    private static bool IsShared(HttpContext context) =>
        context.Request.Headers.Authorization.Count == 0
        && context.User.Identity is not { IsAuthenticated: true }
        && context.GetEndpoint()?.Metadata.GetMetadata<PublicRead>() is not null;

    /// <summary>What the answer will be compressed with; null when it will not.</summary>
    private static string? EncodingOf(HttpContext context) => IsShared(context)
        ? context.RequestServices.GetRequiredService<IResponseCompressionProvider>()
            .GetCompressionProvider(context)?.EncodingName
        : null;

    private sealed record PublicRead;
}
