using EventFlux.Silo.AdminConsole.Session;
using EventFlux.Silo.Api;
using EventFlux.Silo.Hosting;
using EventFlux.Silo.Observability;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Orleans.Dashboard;
using ErrorCode = EventFlux.Silo.Api.ErrorCode;

namespace EventFlux.Silo.AdminConsole;

/// <summary>Orleans Dashboard, for admins: by the console's session in a browser, by a bearer token
/// elsewhere.</summary>
internal static class OperatorDashboard
{
    public const string Path = "/dashboard";

    private const string Scheme = "operator";
    private const string Policy = "operator admin";

    private const string PageRights =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>It reads the state of any grain, and a user's holds what no admin may see; it hands out the log, which
    /// has its own place.</summary>
    private const string StateRoute = "GrainState";

    /// <summary>On every silo, or nowhere: silos ask each other.</summary>
    public static ISiloBuilder AddOperatorDashboard(this ISiloBuilder silo)
    {
        silo.AddDashboard(dashboard => dashboard.HideTrace = true);
        silo.Services.AddAuthentication().AddPolicyScheme(Scheme, null, scheme =>
            scheme.ForwardDefaultSelector = context => context.Request.Headers.Authorization.Count > 0
                ? JwtBearerDefaults.AuthenticationScheme
                : ConsoleSession.Scheme);
        silo.Services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy
            .AddAuthenticationSchemes(Scheme).RequireRole(CurrentUser.AdminRole));
        return silo;
    }

    public static void MapOperatorDashboard(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<SiloOptions>().DashboardEnabled) return;

        // Making its endpoints packs all of its pages, which would take each start more than half a second: the first
        // admin who looks at it waits for that instead. Who may look is decided before.
        var pages = new Lazy<RequestDelegate>(() => BuildPages(app.Services));
        Guard(app.MapGet($"{Path}/{{**rest}}", async context =>
        {
            var outer = context.GetEndpoint();
            // With one that is found already, routing would look for none.
            context.SetEndpoint(null);
            try
            {
                await pages.Value(context);
            }
            finally
            {
                context.SetEndpoint(outer);
            }
        }));
    }

    /// <summary>The dashboard's own routes, behind the one that leads to them.</summary>
    private static RequestDelegate BuildPages(IServiceProvider services) =>
        new ApplicationBuilder(services).UseRouting().UseEndpoints(routes =>
        {
            var pages = routes.MapOrleansDashboard(Path);
            Guard(pages);
            ((IEndpointConventionBuilder)pages).Add(endpoint =>
            {
                if (endpoint is RouteEndpointBuilder { RoutePattern.RawText: { } route }
                    && route.Contains(StateRoute, StringComparison.OrdinalIgnoreCase))
                    endpoint.RequestDelegate = static context => Withheld.ExecuteAsync(context);
            });
        }).Build();

    private static void Guard<TBuilder>(TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.RequireAuthorization(Policy).CountsNowhere()
            .WithMetadata(new PagePolicy(_ => PageRights), new ExcludeFromDescriptionAttribute());

    private static Problem Withheld { get; } =
        new(ErrorCode.RouteNotFound, "The state of grains holds secrets and is not shown.");
}
