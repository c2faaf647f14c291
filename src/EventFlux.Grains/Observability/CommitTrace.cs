using System.Diagnostics;

namespace EventFlux.Grains.Observability;

/// <summary>
/// The span of a group commit, which many callers share: it belongs to the trace of the first of them that is
/// recorded, and is linked to all, both ways; so each finds the commit that made it durable, and the SQL below it.
/// While nobody listens to traces it costs a look at a field. Used on one grain's scheduler only.
/// </summary>
public static class CommitTrace
{
    /// <summary>Name of the source of these spans.</summary>
    public const string SourceName = "EventFlux";

    /// <summary>OpenTelemetry's own limit; the rest is still in the trace's number of facts.</summary>
    private const int MaxLinks = 128;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Notes who waits for the commit.</summary>
    /// <param name="callers">Of the batch; made when the first is noted.</param>
    internal static void Join(ref List<Activity>? callers)
    {
        if (!Source.HasListeners() || Activity.Current is not { Recorded: true } caller) return;
        callers ??= [];
        if (callers.Count < MaxLinks) callers.Add(caller);
    }

    /// <summary>Starts the span. The caller is an async method, so what is current here ends with it.</summary>
    /// <param name="facts">How many the commit holds.</param>
    internal static Activity? Start(List<Activity>? callers, int facts)
    {
        // The loop that writes runs in the context of whoever started it, and what it writes belongs to others.
        if (Activity.Current is not null) Activity.Current = null;
        if (!Source.HasListeners()) return null;

        var links = callers?.Select(caller => new ActivityLink(caller.Context));
        var commit = Source.StartActivity(
            "commit event", ActivityKind.Internal, callers is [var first, ..] ? first.Context : default, null, links);
        if (commit is null) return null;

        commit.SetTag("eventflux.commit.facts", facts);
        foreach (var caller in callers ?? []) caller.AddLink(new(commit.Context));
        return commit;
    }

    internal static void Fail(Activity? commit, Exception failure) =>
        commit?.SetStatus(ActivityStatusCode.Error, failure.Message);
}
