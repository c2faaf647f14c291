using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Api;

/// <summary>A silo with the limits of the contract behind a trusted proxy, so that each test is a client address of its
/// own.</summary>
public sealed class LimitedApiFixture(PostgresServer server) : ApiFixture(server)
{
    public const int GeneralLimit = 20;

    private int _addresses;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["RATE_LIMIT_MAX_REQUESTS"] = $"{GeneralLimit}",
        // A day: no test sees two of them, but for those who test at midnight.
        ["RATE_LIMIT_WINDOW_MS"] = "86400000",
        ["TRUSTED_PROXIES"] = "127.0.0.0/8, 10.9.0.0/16",
        ["CORS_ORIGINS"] = "https://shop.example",
    };

    /// <summary>One that nobody called from before.</summary>
    public string NewAddress() => $"203.0.{Interlocked.Increment(ref _addresses)}.7";

    /// <summary>A request as the proxy passes it on.</summary>
    public Task<ApiAnswer> SendAsync(
        string forwardedFor, HttpMethod method, string path, ApiCaller? caller = null, string? body = null,
        params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, null, "application/json");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return (caller ?? Nobody).SendAsync(request);
    }

    public Task<ApiAnswer> GetAsync(string forwardedFor, string path, params (string Name, string Value)[] headers) =>
        SendAsync(forwardedFor, HttpMethod.Get, path, headers: headers);
}
