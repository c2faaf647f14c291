using Scalar.AspNetCore;

namespace EventFlux.Silo.Api.OpenApi;

/// <summary>The page on which a person reads and tries the API.</summary>
internal static class DocsPage
{
    public static void MapDocsPage(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapScalarApiReference("/docs", scalar => scalar
            .WithTitle("EventFlux API").HideDeveloperTools().AddPreferredSecuritySchemes(OpenApiModule.Bearer)
            // The page asks nobody but this silo.
            .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton().WithNonce())
            .WithMetadata(new PagePolicy(PolicyOf));

    /// <summary>Runs what this very answer names, and what that imports; talks to this silo alone. The page makes its
    /// styles while it runs, which no nonce can allow.</summary>
    private static string PolicyOf(HttpContext context) =>
        context.Items.TryGetValue(ScalarOptions.NonceHttpContextItemKey, out var nonce)
            ? $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
                + "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            : SecurityHeaders.Data;
}
