using Microsoft.OpenApi;

namespace EventFlux.Silo.Api.OpenApi;

/// <summary>The headers about limits, on what carries them by contract: answers that went well, and 429.</summary>
internal static class RateLimitDocs
{
    private static readonly (string Name, string Description)[] Headers =
    [
        (RateLimitHeaders.Names[0], "Requests a window, of the limit that is closest to its end."),
        (RateLimitHeaders.Names[1], "How many of them are left, as far as the silo that answers knows."),
        (RateLimitHeaders.Names[2], "Seconds until the next window begins."),
    ];

    public static void AddHeaders(OpenApiOperation operation)
    {
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response is not OpenApiResponse answer || !(status == "429" || status[0] == '2')) continue;
            answer.Headers = Headers.ToDictionary(
                header => header.Name, IOpenApiHeader (header) => Number(header.Description));
            if (status == "429") answer.Headers["Retry-After"] = Number("Seconds to wait.");
        }
    }

    private static OpenApiHeader Number(string description) => new()
    {
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
    };
}
