using EventFlux.Silo.AdminConsole.Layout;
using EventFlux.Silo.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EventFlux.Silo.AdminConsole.Session;

/// <summary>Takes the token from the cookie, and answers a browser with pages: who is not signed in is led to the
/// sign-in and back. What asks for no page gets problem details.</summary>
/// <param name="token">What every token is judged by.</param>
internal sealed class SessionEvents(TokenEvents token) : JwtBearerEvents
{
    /// <inheritdoc/>
    public override Task MessageReceived(MessageReceivedContext context)
    {
        context.Token = ConsoleSession.Read(context.Request);
        if (context.Token is null) context.NoResult();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task TokenValidated(TokenValidatedContext context) => token.TokenValidated(context);

    /// <inheritdoc/>
    public override Task Challenge(JwtBearerChallengeContext context)
    {
        if (!IsPage(context.HttpContext)) return token.Challenge(context);

        context.HandleResponse();
        var here = context.Request.Path + context.Request.QueryString;
        context.Response.Redirect($"{SessionEndpoints.SignInPath}?return={Uri.EscapeDataString(here)}");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task Forbidden(ForbiddenContext context) => IsPage(context.HttpContext)
        ? new RazorComponentResult<RefusedPage> { StatusCode = StatusCodes.Status403Forbidden }
            .ExecuteAsync(context.HttpContext)
        : token.Forbidden(context);

    private static bool IsPage(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
