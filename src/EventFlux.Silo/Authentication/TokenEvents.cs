using EventFlux.Silo.Api;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using ErrorCode = EventFlux.Silo.Api.ErrorCode;

namespace EventFlux.Silo.Authentication;

/// <summary>Adds our own judgement to the library's, and answers with problem details.</summary>
internal sealed class TokenEvents(TokenValidation validation) : JwtBearerEvents
{
    private const string Scheme = "Bearer";
    private const string SchemeWithError = "Bearer error=\"invalid_token\"";

    private static readonly Problem Missing =
        new(ErrorCode.MissingToken, "The Authorization header must carry a bearer token.");

    private static readonly Problem Expired = new(ErrorCode.TokenExpired, "The token has expired; log in again.");

    private static readonly Problem Forbid =
        new(ErrorCode.InsufficientPermissions, "Your role doesn't allow this.");

    /// <summary>What a token gets that is no good, or no longer. Why exactly is nobody's business.</summary>
    public static Problem Invalid { get; } = new(ErrorCode.InvalidToken, "The token is not valid.");

    /// <inheritdoc/>
    public override Task TokenValidated(TokenValidatedContext context)
    {
        if (!validation.IsAcceptable(context.Principal!)) context.Fail("The token is incomplete or revoked.");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        var problem = context.AuthenticateFailure switch
        {
            null => Missing,
            SecurityTokenExpiredException => Expired,
            _ => Invalid,
        };
        context.Response.Headers.WWWAuthenticate = problem == Missing ? Scheme : SchemeWithError;
        return problem.ExecuteAsync(context.HttpContext);
    }

    /// <inheritdoc/>
    public override Task Forbidden(ForbiddenContext context) => Forbid.ExecuteAsync(context.HttpContext);
}
