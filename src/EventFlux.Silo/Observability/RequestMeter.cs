using System.Diagnostics;

namespace EventFlux.Silo.Observability;

/// <summary>Notes how long each request took and whether it failed, by its status. Behind routing, which knows what
/// counts nowhere, and before everything that may answer.</summary>
internal sealed class RequestMeter(RequestDelegate next, RequestFigures figures, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.IsUncounted())
        {
            LeaveOutOfTraces();
            await next(context);
            return;
        }

        var began = time.GetTimestamp();
        var failed = true; // Until there is an answer.
        try
        {
            await next(context);
            failed = context.Response.StatusCode >= StatusCodes.Status500InternalServerError;
        }
        finally
        {
            figures.Record(time.GetElapsedTime(began), failed);
        }
    }

    /// <summary>The request's span began before it was known what was asked for; unrecorded, it is not exported, and
    /// nothing below it is.</summary>
    private static void LeaveOutOfTraces()
    {
        if (Activity.Current is not { Recorded: true } span) return;
        span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        span.IsAllDataRequested = false;
    }
}
