using EventFlux.Contracts.RateLimiting;
using EventFlux.Grains.Users;
using EventFlux.Silo.AdminConsole.Layout;
using EventFlux.Silo.Api;
using EventFlux.Silo.Authentication;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace EventFlux.Silo.AdminConsole.Session;

/// <summary>Signing in and out: plain forms, which work before any script has run.</summary>
internal static class SessionEndpoints
{
    public const string SignInPath = "/console/sign-in";
    public const string SignOutPath = "/console/sign-out";

    private const string WrongCredentials = "The e-mail address or the password is wrong.";

    public static void MapSession(this IEndpointRouteBuilder app)
    {
        app.MapGet(SignInPath, ([FromQuery(Name = "return")] string? place) => Page(place))
            .AllowAnonymous().IsConsolePage();
        app.MapPost(SignInPath, SignInAsync).AllowAnonymous().IsConsolePage().CountsIn(RateLimitTier.Auth);
        app.MapPost(SignOutPath, SignOutAsync).AllowAnonymous().IsConsolePage();
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context, IAntiforgery antiforgery, Accounts accounts, TokenIssuer tokens, TimeProvider time)
    {
        if (!context.Request.HasFormContentType) return TypedResults.StatusCode(415);
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (email, password, place) = (form["email"].ToString(), form["password"].ToString(), form["return"]);
        if (!await antiforgery.IsRequestValidAsync(context))
            return Page(place, email, "The form was open for too long, or came from elsewhere. Please try again.", 400);

        var (result, _) = await GrainCalls.CallAsync(
            () => accounts.SignInAsync(email, password, TraceIds.OriginOf(context), context.RequestAborted), time,
            context.RequestAborted);
        if (Problems.Of(result, WrongCredentials) is { } problem)
            return Page(place, email, problem.Detail, problem.Status);

        ConsoleSession.Begin(context, tokens.Issue(result.User!));
        return TypedResults.Redirect(ReturnPlace.Of(place));
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        // The form was made for whoever is signed in.
        if (await context.AuthenticateAsync(ConsoleSession.Scheme) is { Principal: { } user }) context.User = user;
        // A form from elsewhere could at most sign somebody out; that, too, is not its business.
        if (await antiforgery.IsRequestValidAsync(context)) ConsoleSession.End(context);
        return TypedResults.Redirect(SignInPath);
    }

    private static RazorComponentResult<SignInPage> Page(
        string? place, string email = "", string? problem = null, int status = StatusCodes.Status200OK) =>
        new(new Dictionary<string, object?>
        {
            [nameof(SignInPage.Return)] = ReturnPlace.Of(place),
            [nameof(SignInPage.Email)] = email,
            [nameof(SignInPage.Problem)] = problem,
        })
        {
            StatusCode = status,
        };
}
