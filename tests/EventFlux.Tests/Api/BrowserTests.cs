using System.Net.Sockets;
using System.Text;
using EventFlux.Silo.Api;
using EventFlux.Tests.Fixtures;
using Microsoft.AspNetCore.Http;

namespace EventFlux.Tests.Api;

/// <summary>What browsers are told, and which pages may ask.</summary>
public sealed class BrowserTests(BrowserFixture api) : IClassFixture<BrowserFixture>
{
    private const string Shop = "https://shop.example";

    [Theory]
    [InlineData("GET", "/api/events", 200)]
    [InlineData("GET", "/api/events?page=0", 400)]
    [InlineData("GET", "/api/bookings", 401)]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("PATCH", "/api/events", 405)]
    [InlineData("POST", "/api/auth/login", 400)]
    [InlineData("GET", "/openapi/v1.json", 200)]
    public async Task EachAnswer_TellsBrowsersToTrustNothing(string method, string path, int status)
    {
        var body = method == "POST" ? "{" : null;
        var answer = (await api.Nobody.SendAsync(new(method), path, body)).Is(status);

        Assert.Equal("nosniff", One(answer, "X-Content-Type-Options"));
        Assert.Equal("DENY", One(answer, "X-Frame-Options"));
        Assert.Equal("no-referrer", One(answer, "Referrer-Policy"));
        Assert.Equal(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            One(answer, "Content-Security-Policy"));
        Assert.Equal("same-origin", One(answer, "Cross-Origin-Resource-Policy"));
        Assert.NotNull(One(answer, "Cache-Control"));
        foreach (var banner in (string[])["Server", "X-Powered-By", "Strict-Transport-Security"])
            Assert.Null(One(answer, banner));
    }

    [Fact]
    public async Task DocsPage_RunsWhatItNamesAndNothingElse()
    {
        using var first = await api.Client.GetAsync("/docs/", TestContext.Current.CancellationToken);
        using var second = await api.Client.GetAsync("/docs/", TestContext.Current.CancellationToken);
        var html = await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var policies = new[] { first, second }
            .Select(page => page.Headers.GetValues("Content-Security-Policy").Single()).ToArray();

        var nonce = policies[0].Split("'nonce-")[1].Split('\'')[0];
        Assert.True(nonce.Length >= 16);
        Assert.NotEqual(policies[0], policies[1]);
        Assert.Equal(
            html.Split("<script").Length - 1, html.Split($"nonce=\"{nonce}\"").Length - 1);
        Assert.DoesNotContain("unsafe-eval", policies[0], StringComparison.Ordinal);
        Assert.DoesNotContain("http", policies[0], StringComparison.Ordinal);
        Assert.Contains("default-src 'none'; script-src 'nonce-", policies[0], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policies[0], StringComparison.Ordinal);
        Assert.True(first.Headers.CacheControl is { NoStore: true });
    }

    [Theory]
    [InlineData("https", "max-age=31536000")]
    [InlineData("http", null)]
    public void StrictTransport_IsAskedForBehindTls(string scheme, string? expected)
    {
        var context = new DefaultHttpContext { Request = { Scheme = scheme } };

        SecurityHeaders.Set(context);

        Assert.Equal(expected, (string?)context.Response.Headers.StrictTransportSecurity);
    }

    [Theory]
    [InlineData(Shop, true)]
    [InlineData("https://admin.shop.example:8443", true)]
    [InlineData("http://shop.example", false)]
    [InlineData("https://shop.example:444", false)]
    [InlineData("https://shop.example.evil.example", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    public async Task Cors_IsForConfiguredOriginsAlone(string origin, bool isAllowed)
    {
        foreach (var path in (string[])["/api/events", "/api/bookings", "/nowhere"])
        {
            var answer = await AskAsync(HttpMethod.Get, path, ("Origin", origin));
            Assert.Equal(isAllowed ? origin : null, One(answer, "Access-Control-Allow-Origin"));
            Assert.Null(One(answer, "Access-Control-Allow-Credentials"));
            if (isAllowed) Assert.Contains("Origin", answer.Headers.Vary);
        }

        var asked = await AskAsync(
            HttpMethod.Options, "/api/bookings", ("Origin", origin), ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "authorization,content-type,idempotency-key"));
        Assert.Equal(isAllowed ? origin : null, One(asked, "Access-Control-Allow-Origin"));
        if (isAllowed) Assert.Contains("idempotency-key", One(asked, "Access-Control-Allow-Headers"));
    }

    [Fact]
    public async Task Cors_OnACachedAnswer_IsForWhoAsksNow()
    {
        var path = $"/api/events/{await api.CreateEventAsync(capacity: 3)}";
        foreach (var origin in (string[])[Shop, "https://evil.example", "", Shop, "null"])
        {
            var answer = (await AskAsync(HttpMethod.Get, path, ("Origin", origin))).Is(200);
            Assert.Equal(origin == Shop ? Shop : null, One(answer, "Access-Control-Allow-Origin"));
            Assert.Superset(
                new HashSet<string> { "Accept-Encoding", "Authorization", "Origin" }, answer.Headers.Vary.ToHashSet());
        }
    }

    [Fact]
    public async Task TooManyHeaders_AreRefused() =>
        Assert.StartsWith("HTTP/1.1 431", await SendRawAsync(
            $"GET /api/events HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Repeat("A: b\r\n", 80))}\r\n"));

    [Fact]
    public async Task TooLongAHeader_IsRefused() =>
        Assert.StartsWith("HTTP/1.1 431", await SendRawAsync(
            $"GET /api/events HTTP/1.1\r\nHost: x\r\nA: {new string('b', 17 * 1024)}\r\n\r\n"));

    private async Task<ApiAnswer> AskAsync(HttpMethod method, string path, params (string, string)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers.Where(header => header.Item2.Length > 0))
            request.Headers.TryAddWithoutValidation(name, value);
        return await api.Nobody.SendAsync(request);
    }

    private async Task<string> SendRawAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", api.Client.BaseAddress!.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        var buffer = new byte[64];
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
    }

    private static string? One(ApiAnswer answer, string header) =>
        answer.Headers.TryGetValues(header, out var values) ? values.Single() : null;
}

/// <summary>A silo that pages of two origins may call.</summary>
public sealed class BrowserFixture(PostgresServer server) : ApiFixture(server)
{
    protected override string CorsOrigins => "https://shop.example, https://admin.shop.example:8443/";
}
