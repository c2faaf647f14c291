using System.Globalization;
using System.Text;
using EventFlux.Silo.Api;

namespace EventFlux.Silo.Seats;

/// <summary>
/// Writes server-sent events to one client, for as long as it stays: what is new, as fast as it takes it. Owns the
/// follower and the place. Nothing is queued: while a write waits for the client the event goes on, and the next one
/// tells all of it.
/// </summary>
internal sealed class AvailabilityStream(
    AvailabilityFollower follower, IDisposable place, long? since, TimeProvider time, CancellationToken stopping)
    : IResult
{
    /// <summary>Shorter than proxies wait for a sign of life.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>For a client that takes nothing.</summary>
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(20);

    /// <summary>Little enough that a client that takes nothing holds back little more than the server's own
    /// buffer.</summary>
    private const int MaxChunk = 16 * 1024;

    private static readonly ReadOnlyMemory<byte> SignOfLife = ":\n\n"u8.ToArray();

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var count = place;
        using var view = follower;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, httpContext.RequestAborted);
        var headers = httpContext.Response.Headers;
        httpContext.Response.ContentType = "text/event-stream";
        headers.CacheControl = "no-store";
        headers["X-Accel-Buffering"] = "no";
        try
        {
            await WriteAsync(httpContext, Greeting(), ended.Token);
            if (!httpContext.IsHead()) await TellAsync(httpContext, ended.Token);
        }
        catch (OperationCanceledException)
        {
            // The client has left or takes nothing, or the silo leaves.
        }
    }

    private async Task TellAsync(HttpContext context, CancellationToken ended)
    {
        var (seen, plan) = (since, (long?)null);
        while (!ended.IsCancellationRequested)
        {
            var next = follower.Next;
            if (follower.IsGone) return;
            var update = follower.Since(seen);
            if (plan is null || update.Version != seen)
            {
                if (plan is not null && plan != update.PlanVersion)
                    await WriteAsync(context, OtherPlan(update.PlanVersion), ended);
                await WriteAsync(context, update.Frame, ended);
                (seen, plan) = (update.Version, update.PlanVersion);
            }

            await next.WaitAsync(Heartbeat, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!next.IsCompleted && !ended.IsCancellationRequested) await WriteAsync(context, SignOfLife, ended);
        }
    }

    /// <summary>Tells when to come back once the stream has ended: not all at the same moment.</summary>
    private static ReadOnlyMemory<byte> Greeting() => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"retry: {Random.Shared.Next(500, 2500)}\n\n"));

    private static ReadOnlyMemory<byte> OtherPlan(long version) => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"event: plan\ndata: {{\"plan_version\":{version}}}\n\n"));

    private async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes, CancellationToken ended)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(bytes.Length, MaxChunk)..])
        {
            ended.ThrowIfCancellationRequested();
            // It writes and flushes; it ends at once unless the client is behind by the server's buffer.
            var written = context.Response.BodyWriter.WriteAsync(bytes[..Math.Min(bytes.Length, MaxChunk)], ended);
            if (written.IsCompletedSuccessfully)
            {
                _ = written.Result;
                continue;
            }

            try
            {
                await written.AsTask().WaitAsync(WritePatience, time, ended);
            }
            catch (Exception fault) when (fault is TimeoutException or OperationCanceledException)
            {
                // What waits in the buffer will not be taken: ending in order would wait for it.
                context.Abort();
                throw new OperationCanceledException("The client takes nothing.", fault, ended);
            }
        }
    }
}
