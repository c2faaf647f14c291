using EventFlux.Contracts.Faults;
using EventFlux.Silo.Api;
using Orleans.Runtime.Messaging;
using ErrorCode = EventFlux.Silo.Api.ErrorCode;

namespace EventFlux.Silo.AdminConsole.Live;

/// <summary>What a person before an open page is told of what was thrown: what the API would answer. Ours are
/// logged.</summary>
internal static partial class ConsoleFaults
{
    private static readonly Problem Unavailable = new(
        ErrorCode.ServiceUnavailable,
        "The cluster or its database can't be reached right now. What was asked for may still be under way.");

    private static readonly Problem Ours =
        new(ErrorCode.InternalError, $"{Problems.TitleOf(ErrorCode.InternalError)}. It is in the log.");

    public static Problem Tell(Exception fault, ILogger logger)
    {
        if (fault is ServiceUnavailableException or TimeoutException or OperationCanceledException
            or OrleansException or ConnectionFailedException) return Unavailable;
        LogUnexpected(logger, fault);
        return Ours;
    }

    [LoggerMessage(LogLevel.Error, "The console failed")]
    private static partial void LogUnexpected(ILogger logger, Exception exception);
}
