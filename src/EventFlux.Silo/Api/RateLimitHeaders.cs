using System.Globalization;
using EventFlux.Silo.RateLimiting;

namespace EventFlux.Silo.Api;

/// <summary>
/// What the caller of one request is told about its limits: of the tier that has the least left, where it counts in
/// several. Written when the answer starts, so the output cache, which answers with the headers that it has stored,
/// can't answer with another caller's.
/// </summary>
internal sealed class RateLimitHeaders
{
    private const string LimitName = "RateLimit-Limit";
    private const string RemainingName = "RateLimit-Remaining";
    private const string ResetName = "RateLimit-Reset";

    private readonly HttpResponse _response;
    private RateLimitDecision _tightest = RateLimitDecision.Unlimited;

    private RateLimitHeaders(HttpResponse response) => _response = response;

    /// <summary>For browsers, which show pages no others.</summary>
    public static IReadOnlyList<string> Names { get; } = [LimitName, RemainingName, ResetName];

    /// <summary>Of a request that begins to be counted.</summary>
    public static RateLimitHeaders Begin(HttpContext context)
    {
        var headers = new RateLimitHeaders(context.Response);
        context.Features.Set(headers);
        context.Response.OnStarting(static state => ((RateLimitHeaders)state).WriteAsync(), headers);
        return headers;
    }

    /// <summary>Of a request that has been counted already; null where nothing counts.</summary>
    public static RateLimitHeaders? Of(HttpContext context) => context.Features.Get<RateLimitHeaders>();

    public void Add(RateLimitDecision decision)
    {
        if (!decision.IsAllowed || decision.Remaining < _tightest.Remaining) _tightest = decision;
    }

    private Task WriteAsync()
    {
        _response.Headers[LimitName] = Text(_tightest.Limit);
        _response.Headers[RemainingName] = Text(_tightest.Remaining);
        _response.Headers[ResetName] = Text(_tightest.ResetSeconds);
        // An account that is slowed down has said itself when to come back.
        if (_response.StatusCode == StatusCodes.Status429TooManyRequests && _response.Headers.RetryAfter.Count == 0)
            _response.Headers.RetryAfter = Text(_tightest.ResetSeconds);
        return Task.CompletedTask;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
