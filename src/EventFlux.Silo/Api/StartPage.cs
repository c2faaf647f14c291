using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventFlux.Silo.Observability;
using Microsoft.Net.Http.Headers;

namespace EventFlux.Silo.Api;

/// <summary><c>/</c>: a page with the ways on for a person, the same as JSON for a program. Made once; both are the
/// same for everybody.</summary>
internal static class StartPage
{
    private const string Html = "text/html";
    private const string Json = "application/json";

    private static readonly byte[] Page = Encoding.UTF8.GetBytes(ReadPage());

    private static readonly byte[] Data = JsonSerializer.SerializeToUtf8Bytes(
        new Description(
            "EventFlux", ProgramVersion.Short,
            new("/docs", "/openapi/v1.json", "/console", "/health/live", "/health/ready", "/api/events")),
        ApiJson.Options);

    private static readonly (string Page, string Data) Tags = (EntityTags.Of(Page), EntityTags.Of(Data));

    /// <summary>The page's one style, and nothing else, may apply.</summary>
    private static readonly string Policy = $"default-src 'none'; style-src 'sha256-{HashOfStyle()}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>What a program is told.</summary>
    /// <param name="Version">Of the program that answers.</param>
    public sealed record Description(string Name, string Version, Links Links);

    /// <summary>Paths on this server.</summary>
    public sealed record Links(
        string Docs, string Openapi, string Console, string Live, string Ready, string Events);

    public static void MapStartPage(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/", Answer).ExcludeFromDescription()
            .WithMetadata(new PagePolicy(context => WantsPage(context.Request) ? Policy : SecurityHeaders.Data));

    private static IResult Answer(HttpContext context)
    {
        var isPage = WantsPage(context.Request);
        var (tag, headers) = (isPage ? Tags.Page : Tags.Data, context.Response.Headers);
        headers.ETag = tag;
        headers.Vary = "Accept";
        // Changes with a release alone, and then soon enough.
        headers.CacheControl = "public, max-age=300";
        if (EntityTags.IsKnown(context.Request, tag)) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return isPage ? TypedResults.Bytes(Page, Html + "; charset=utf-8") : TypedResults.Bytes(Data, Json);
    }

    /// <summary>Browsers ask for HTML by name, and for the rest less. Who names neither, or both alike, is a
    /// program.</summary>
    private static bool WantsPage(HttpRequest request) => Quality(request, Html) > Quality(request, Json);

    /// <summary>By the most specific range that fits, as HTTP has it.</summary>
    private static double Quality(HttpRequest request, string type) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var ranges)
        && ranges.Where(range => Fits(range, type)).MaxBy(Precision) is { } best
            ? best.Quality ?? 1
            : 0;

    private static bool Fits(MediaTypeHeaderValue range, string type) =>
        range.MatchesAllTypes || range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)
        || (range.MatchesAllSubTypes && type.StartsWith($"{range.Type}/", StringComparison.OrdinalIgnoreCase));

    private static int Precision(MediaTypeHeaderValue range) =>
        range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;

    private static string ReadPage()
    {
        using var stream = typeof(StartPage).Assembly.GetManifestResourceStream("start-page.html")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace(
            "{{version}}", WebUtility.HtmlEncode(ProgramVersion.Short), StringComparison.Ordinal);
    }

    private static string HashOfStyle()
    {
        var style = Encoding.UTF8.GetString(Page).Split("<style>")[1].Split("</style>")[0];
        return Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
    }
}
