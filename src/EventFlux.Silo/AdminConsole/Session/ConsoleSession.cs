using EventFlux.Silo.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace EventFlux.Silo.AdminConsole.Session;

/// <summary>
/// A browser's session: the API's own token in a cookie that no script can read and no foreign site can send. It is
/// judged as any token is, on any silo, and ends with it; the server keeps nothing. The API itself never looks at the
/// cookie, so no page can be tricked into calling it.
/// </summary>
internal static class ConsoleSession
{
    /// <summary>The authentication scheme of the console and of the operator's dashboard.</summary>
    public const string Scheme = "console";

    /// <summary>Who may see the console's pages.</summary>
    public const string Policy = "console admin";

    private const string PlainCookie = "eventflux-session";

    /// <summary>The prefix makes browsers insist on TLS and on this very host.</summary>
    private const string SecureCookie = "__Host-" + PlainCookie;

    public static IServiceCollection AddConsoleSession(this IServiceCollection services)
    {
        services.AddAuthentication().AddJwtBearer(Scheme, _ => { });
        // After the rules that every token is judged by.
        services.PostConfigure<JwtBearerOptions>(Scheme, bearer =>
            bearer.Events = new SessionEvents((TokenEvents)bearer.Events));
        services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy
            .AddAuthenticationSchemes(Scheme).RequireRole(Api.CurrentUser.AdminRole));
        return services;
    }

    /// <summary>The session's token; null when the browser has none.</summary>
    public static string? Read(HttpRequest request) => request.Cookies[NameFor(request)];

    public static void Begin(HttpContext context, IssuedToken token) =>
        context.Response.Cookies.Append(NameFor(context.Request), token.Token, Options(context, token.ExpiresAt));

    public static void End(HttpContext context) =>
        context.Response.Cookies.Delete(NameFor(context.Request), Options(context, expires: null));

    private static string NameFor(HttpRequest request) => request.IsHttps ? SecureCookie : PlainCookie;

    private static CookieOptions Options(HttpContext context, DateTimeOffset? expires) => new()
    {
        Path = "/",
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        // Links from elsewhere lead into the console; requests that change something come from its own pages alone.
        SameSite = SameSiteMode.Lax,
        Expires = expires,
        IsEssential = true,
    };
}
