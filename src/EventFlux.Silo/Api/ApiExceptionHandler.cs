using System.Text.Json;
using EventFlux.Contracts.Faults;
using Microsoft.AspNetCore.Diagnostics;
using Orleans.Runtime.Messaging;

namespace EventFlux.Silo.Api;

/// <summary>Turns what was thrown into problem details: faults of the request, of the cluster's moment, and
/// ours.</summary>
internal sealed partial class ApiExceptionHandler(ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    /// <summary>What is echoed of a name that nobody here has chosen.</summary>
    private const int MaxNameLength = 100;

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = ProblemOf(exception);
        if (problem.Code == ErrorCode.InternalError)
            LogUnexpected(httpContext.Request.Method, httpContext.Request.Path, exception);
        else if (problem.Code == ErrorCode.ServiceUnavailable)
            LogUnavailable(httpContext.Request.Method, httpContext.Request.Path, exception);
        try
        {
            await problem.ExecuteAsync(httpContext);
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more to be told.
        }

        return true;
    }

    private static Problem ProblemOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => ProblemOf(bad),
        ServiceUnavailableException or TimeoutException or OperationCanceledException or OrleansException
            or ConnectionFailedException =>
            new(ErrorCode.ServiceUnavailable, "The outcome is unknown or the cluster is moving; it is safe to repeat."),
        _ => new(ErrorCode.InternalError, "The fault is logged under the trace id."),
    };

    private static Problem ProblemOf(BadHttpRequestException exception) =>
        (exception.StatusCode, exception.InnerException) switch
    {
        (StatusCodes.Status413PayloadTooLarge, _) => BodyRules.TooLarge,
        // No JSON at all is a JsonException within a JsonException.
        (_, JsonException { InnerException: not JsonException } json) => ProblemOf(json),
        (_, null) when exception.Message.Contains("body", StringComparison.OrdinalIgnoreCase) =>
            Problems.Validation("body", "must be a JSON object"),
        _ => new(ErrorCode.MalformedRequest, "The request can't be read."),
    };

    /// <summary>The reader's own words would name our types; the path says which member it was.</summary>
    private static Problem ProblemOf(JsonException exception)
    {
        var member = MemberOf(exception.Path);
        if (exception.Message.StartsWith("must be", StringComparison.Ordinal))
            return Problems.Validation(member, exception.Message.Split(" Path:")[0]);
        if (exception.Message.Contains("could not be mapped", StringComparison.Ordinal))
            return Problems.Validation(member, "is not known here");
        return exception.Message.Contains("Duplicate", StringComparison.OrdinalIgnoreCase)
            ? Problems.Validation(member, "is given more than once")
            : Problems.Validation(member, "has a wrong type");
    }

    /// <summary>The first step of a path: <c>$.name</c>, or <c>$['any name']</c>. Bodies have no deeper members.
    /// </summary>
    private static string MemberOf(string? path) => path switch
    {
        ['$', '[', '\'', .. var name, '\'', ']'] => Brief(name),
        ['$', '.', .. var name] => Brief(name),
        _ => "body",
    };

    private static string Brief(string name) => name.Length <= MaxNameLength ? name : name[..MaxNameLength];

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogUnexpected(string method, string path, Exception exception);

    [LoggerMessage(LogLevel.Debug, "{Method} {Path} was answered as unavailable")]
    private partial void LogUnavailable(string method, string path, Exception exception);
}
