using EventFlux.Silo.AdminConsole.Layout;
using EventFlux.Silo.AdminConsole.Live;
using EventFlux.Silo.AdminConsole.Session;
using EventFlux.Silo.Api;
using EventFlux.Silo.Authentication;
using EventFlux.Silo.Observability;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using MudBlazor.Services;

namespace EventFlux.Silo.AdminConsole;

/// <summary>The pages for people who run a sale: <c>/console</c>, and Orleans' own dashboard beside it. They read and
/// act through the same classes as the API does, in this process.</summary>
internal static class ConsoleModule
{
    private const string HubPath = "/_blazor";

    /// <summary>What our pages may do in a browser: our own scripts and but one in line. The components place things by
    /// style attributes, and events have pictures elsewhere.</summary>
    private static readonly string PageRights =
        $"default-src 'none'; script-src 'self' {LostFiles.PolicySource}; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data: https:; "
        + "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
        + "frame-ancestors 'none'";

    public static WebApplicationBuilder AddEventFluxConsole(this WebApplicationBuilder builder)
    {
        // Files of packages lie beside the program only once it is published.
        builder.WebHost.UseStaticWebAssets();
        var services = builder.Services;
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices();
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, SessionWatch>();
        services.AddScoped<ConsoleUser>();
        services.AddSingleton<BookingPulse>();
        services.AddConsoleSession();
        services.AddDataProtection().SetApplicationName("eventflux").DisableAutomaticKeyGeneration();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(keys =>
                keys.XmlRepository = new DerivedKeyRing(provider.GetRequiredService<TokenOptions>())));
        services.AddAntiforgery(forms =>
        {
            forms.Cookie.Name = "eventflux-form";
            forms.Cookie.SameSite = SameSiteMode.Strict;
            forms.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            // SecurityHeaders says it for all.
            forms.SuppressXFrameOptionsHeader = true;
        });
        return builder;
    }

    /// <summary>Behind what every request meets.</summary>
    public static WebApplication UseEventFluxConsole(this WebApplication app)
    {
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(HubPath, StringComparison.OrdinalIgnoreCase),
            hub => hub.Use((context, next) => IsFromElsewhere(context.Request) ? Refuse(context) : next(context)));
        app.UseAntiforgery();
        return app;
    }

    public static WebApplication MapEventFluxConsole(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous().CountsNowhere();
        app.MapSession();
        app.MapGet(
                "/console/{**rest}",
                () => new RazorComponentResult<NotFoundPage> { StatusCode = StatusCodes.Status404NotFound })
            .RequireAuthorization(ConsoleSession.Policy).IsConsolePage();
        app.MapConsoleExports();
        app.MapOperatorDashboard();
        // An open page is one request for hours: it is no load, takes no time, and never takes too long.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode()
            .RequireAuthorization(ConsoleSession.Policy).IsConsolePage()
            .Add(endpoint =>
            {
                if (endpoint is not RouteEndpointBuilder { RoutePattern.RawText: { } path }
                    || !path.StartsWith(HubPath, StringComparison.OrdinalIgnoreCase)) return;
                endpoint.Metadata.Add(Uncounted.Instance);
                endpoint.Metadata.Add(new Microsoft.AspNetCore.Http.Timeouts.DisableRequestTimeoutAttribute());
            });
        return app;
    }

    public static TBuilder IsConsolePage<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new PagePolicy(_ => PageRights), new ExcludeFromDescriptionAttribute());

    /// <summary>Browsers let any page open a socket to us, and name the page that does.</summary>
    private static bool IsFromElsewhere(HttpRequest request) =>
        request.Headers.Origin.ToString() is { Length: > 0 } origin
        && !(Uri.TryCreate(origin, UriKind.Absolute, out var page)
             && string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
