using EventFlux.Silo.Observability;

namespace EventFlux.Silo.Api;

/// <summary>
/// Bounds the requests that a silo has under way. Past the bound a client is told at once to come back, which costs
/// little; waiting would cost every client its answer. What counts nowhere is always answered.
/// </summary>
internal sealed class AdmissionLimit(RequestDelegate next, ApiOptions options, RequestFigures figures)
{
    private static readonly Problem Full =
        new(ErrorCode.ServiceUnavailable, "The silo has too many requests under way; it is safe to repeat.");

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.IsUncounted())
        {
            await next(context);
            return;
        }

        if (!figures.TryEnter(options.MaxConcurrentRequests))
        {
            await Full.ExecuteAsync(context);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            figures.Leave();
        }
    }
}
