namespace EventFlux.Silo.Api;

/// <summary>
/// Bounds the requests that a silo has under way. Past the bound a client is told at once to come back, which costs
/// little; waiting would cost every client its answer. Health is always answered.
/// </summary>
internal sealed class AdmissionLimit(RequestDelegate next, ApiOptions options)
{
    private static readonly Problem Full =
        new(ErrorCode.ServiceUnavailable, "The silo has too many requests under way; it is safe to repeat.");

    private int _underWay;

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path == "/health/live" || context.Request.Path == "/health/ready")
        {
            await next(context);
            return;
        }

        if (Interlocked.Increment(ref _underWay) > options.MaxConcurrentRequests)
        {
            // Given back first: who is turned away takes nobody's place.
            Interlocked.Decrement(ref _underWay);
            await Full.ExecuteAsync(context);
            return;
        }

        try
        {
            await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
