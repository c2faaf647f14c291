using System.Globalization;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Contracts.Users;
using EventFlux.Grains.Storage;
using EventFlux.Grains.Users;
using EventFlux.Silo.Api.OpenApi;
using EventFlux.Silo.Authentication;

namespace EventFlux.Silo.Api;

/// <summary><c>/api/auth</c>: signing up, signing in, and one's own account.</summary>
internal static class AuthEndpoints
{
    private const string WrongCredentials = "The e-mail address or the password is wrong.";
    private const string WrongPassword = "The current password is wrong.";

    public static void MapAuth(this IEndpointRouteBuilder api)
    {
        var auth = api.MapGroup("/auth").WithTags("Accounts").AddEndpointFilter(static (context, next) =>
        {
            // Tokens and personal data stay out of every cache on the way.
            context.HttpContext.Response.Headers.CacheControl = "no-store";
            return next(context);
        });
        auth.MapPost("/register", RegisterAsync).AllowAnonymous().CountsIn(RateLimitTier.Auth)
            .Validate<RegisterUserRequest>()
            .Answers<SessionResponse>(StatusCodes.Status201Created).Refuses(ErrorCode.UserAlreadyExists)
            .WithName("register").WithSummary("Sign up")
            .WithDescription("The e-mail address is unique without regard to case.");
        auth.MapPost("/login", LogInAsync).AllowAnonymous().CountsIn(RateLimitTier.Auth).Validate<LogInRequest>()
            .Answers<SessionResponse>().Refuses(ErrorCode.InvalidCredentials)
            .WithName("logIn").WithSummary("Log in")
            .WithDescription("The token that is answered goes into the Authorization header of later requests.");

        var own = auth.MapGroup("").RequireAuthorization();
        own.MapPost("/refresh", RefreshAsync).Answers<TokenResponse>().Refuses(ErrorCode.UserNotFound)
            .WithName("refreshToken").WithSummary("Get a fresh token for a valid one")
            .WithDescription("It states the role of this moment.");
        own.MapGet("/profile", GetProfileAsync).Answers<UserResponse>().Refuses(ErrorCode.UserNotFound)
            .WithName("getProfile").WithSummary("Get your profile")
            .WithDescription("As it is stored now; the token may say less.");
        own.MapPut("/profile", UpdateProfileAsync).Validate<UpdateProfileRequest>()
            .Answers<UserResponse>().Refuses(ErrorCode.UserNotFound)
            .WithName("updateProfile").WithSummary("Change your name")
            .WithDescription("A name left out stays as it is.");
        own.MapPut("/change-password", ChangePasswordAsync).CountsIn(RateLimitTier.Auth)
            .Validate<ChangePasswordRequest>()
            .Answers<TokenResponse>().Refuses(ErrorCode.InvalidCredentials)
            .WithName("changePassword").WithSummary("Change your password")
            .WithDescription("Every token issued before stops working.");
    }

    private static async Task<IResult> RegisterAsync(
        RegisterUserRequest body, HttpContext context, Accounts accounts, UserQueries users, TokenIssuer tokens,
        TimeProvider time, CancellationToken cancellationToken)
    {
        var command = new RegisterUser(body.Email!, body.Password!, body.FirstName!.Trim(), body.LastName!.Trim());
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var (result, mayHaveActed) = await GrainCalls.CallAsync(
            () => accounts.RegisterAsync(id, command, TraceIds.OriginOf(context), cancellationToken), time,
            cancellationToken);
        // Whoever has the address may be this very user.
        var user = result.User ?? (mayHaveActed ? await users.FindAsync(id, cancellationToken) : null);
        if (user is null) return Problems.Of(result.Outcome)!;
        return TypedResults.Created("/api/auth/profile", SessionResponse.From(user, tokens.Issue(user)));
    }

    private static async Task<IResult> LogInAsync(
        LogInRequest body, HttpContext context, Accounts accounts, TokenIssuer tokens, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var (result, _) = await GrainCalls.CallAsync(
            () => accounts.SignInAsync(body.Email!, body.Password!, TraceIds.OriginOf(context), cancellationToken),
            time, cancellationToken);
        if (Problems.Of(result, WrongCredentials) is { } problem) return problem;

        var user = result.User!;
        return TypedResults.Ok(SessionResponse.From(user, tokens.Issue(user)));
    }

    /// <summary>The new token says what is true now, not what the old one said. So an id that nobody registered gets
    /// none: there is no role to state, and no revocation could ever end it.</summary>
    private static async Task<IResult> RefreshAsync(
        CurrentUser current, HttpContext context, UserQueries users, TokenRevocations revocations, TokenIssuer tokens,
        CancellationToken cancellationToken)
    {
        if (await users.FindAsync(current.Id, cancellationToken) is not { } user) return Problems.UserNotFound;

        // A token revoked on another silo a moment ago must not come back to life as a fresh one.
        var version = int.Parse(context.User.FindFirst(TokenClaims.Version)!.Value, CultureInfo.InvariantCulture);
        if (version < user.CredentialVersion)
        {
            revocations.Revoke(user.Id, user.CredentialVersion);
            return TokenEvents.Invalid;
        }

        return TypedResults.Ok(TokenResponse.From(tokens.Issue(user)));
    }

    private static async Task<IResult> GetProfileAsync(
        CurrentUser current, UserQueries users, CancellationToken cancellationToken) =>
        await users.FindAsync(current.Id, cancellationToken) is { } user
            ? TypedResults.Ok(UserResponse.From(user))
            : Problems.UserNotFound;

    private static async Task<IResult> UpdateProfileAsync(
        UpdateProfileRequest body, CurrentUser current, IGrainFactory grains, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var (user, _) = await GrainCalls.CallAsync(
            () => grains.GetGrain<IUserGrain>(current.Id)
                .RenameAsync(body.FirstName?.Trim(), body.LastName?.Trim(), cancellationToken),
            time, cancellationToken);
        return user is null ? Problems.UserNotFound : TypedResults.Ok(UserResponse.From(user));
    }

    private static async Task<IResult> ChangePasswordAsync(
        ChangePasswordRequest body, CurrentUser current, HttpContext context, Accounts accounts,
        TokenRevocations revocations, TokenIssuer tokens, TimeProvider time, CancellationToken cancellationToken)
    {
        // The body alone was judged already; whose account it is stands in the token.
        if (AccountRules.FaultOfNewPassword(body.NewPassword, current.Email) is { } fault)
            return Problems.Validation("new_password", fault);
        var origin = TraceIds.OriginOf(context);
        var (result, mayHaveActed) = await GrainCalls.CallAsync(
            () => accounts.ChangePasswordAsync(
                current.AsActor(context), current.Email, body.CurrentPassword!, body.NewPassword!, origin,
                cancellationToken),
            time, cancellationToken);
        // Wrong it may be because it has been changed already.
        if (mayHaveActed && result.Outcome == CredentialOutcome.Wrong)
            result = await accounts.SignInAsync(current.Email, body.NewPassword!, origin, cancellationToken);
        if (Problems.Of(result, WrongPassword) is { } problem) return problem;

        var user = result.User!;
        // The other silos hear of it by asking the database; this one knows.
        revocations.Revoke(user.Id, user.CredentialVersion);
        return TypedResults.Ok(TokenResponse.From(tokens.Issue(user)));
    }
}
