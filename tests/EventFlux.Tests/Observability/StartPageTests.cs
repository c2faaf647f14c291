using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventFlux.Tests.Api;

namespace EventFlux.Tests.Observability;

/// <summary><c>/</c> for people and for programs.</summary>
[Collection(typeof(SharedApi))]
public sealed partial class StartPageTests(ApiFixture api)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

    [Theory]
    [InlineData(Browser, "text/html")]
    [InlineData("text/html", "text/html")]
    [InlineData("text/*, application/json;q=0.5", "text/html")]
    [InlineData("application/json;q=0.9, text/html", "text/html")]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("text/html, application/json", "application/json")]
    [InlineData("text/html;q=0, */*", "application/json")]
    [InlineData("text/html;q=0.1, application/*;q=0.2", "application/json")]
    [InlineData("image/png", "application/json")]
    [InlineData("nonsense;;", "application/json")]
    public async Task Start_IsWhatTheCallerPrefers(string? accept, string expected)
    {
        using var answer = await SendAsync(HttpMethod.Get, accept);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(expected, answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("Accept", string.Join(',', answer.Headers.Vary));
        Assert.Equal("public, max-age=300", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Program_IsToldNameVersionAndLinks()
    {
        using var answer = await SendAsync(HttpMethod.Get, "application/json");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));

        Assert.Equal("EventFlux", json.RootElement.GetProperty("name").GetString());
        Assert.InRange(json.RootElement.GetProperty("version").GetString()!.Length, 1, 20);
        foreach (var name in (string[])["docs", "openapi", "events"])
        {
            using var linked = await api.Client.GetAsync(
                json.RootElement.GetProperty("links").GetProperty(name).GetString(), Token);
            Assert.Equal(HttpStatusCode.OK, linked.StatusCode);
        }
    }

    [Fact]
    public async Task Page_AppliesItsOwnStyleAndNothingElse()
    {
        using var answer = await SendAsync(HttpMethod.Get, Browser);
        var html = await answer.Content.ReadAsStringAsync(Token);
        var policy = string.Join(';', answer.Headers.GetValues("Content-Security-Policy"));

        var style = Style().Match(html).Groups[1].Value;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Contains($"style-src 'sha256-{hash}'", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        // Neither is possible under that policy.
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" style=", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("{{", html, StringComparison.Ordinal);
        foreach (var link in (string[])["/docs", "/console", "/health/ready"])
            Assert.Contains($"href=\"{link}\"", html, StringComparison.Ordinal);
        foreach (var part in (string[])["lang=\"en\"", "name=\"viewport\"", "<main>", "<h1>", "<nav aria-label="])
            Assert.Contains(part, html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Browser)]
    [InlineData("application/json")]
    public async Task Head_SaysTheSameWithoutABody_AndWhoHoldsItGets304(string accept)
    {
        using var get = await SendAsync(HttpMethod.Get, accept);
        using var head = await SendAsync(HttpMethod.Head, accept);
        using var again = await SendAsync(HttpMethod.Get, accept, get.Headers.ETag!.ToString());
        using var other = await SendAsync(
            HttpMethod.Get, accept == Browser ? "application/json" : Browser, get.Headers.ETag!.ToString());

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("Accept", string.Join(',', again.Headers.Vary));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? accept, string? held = null)
    {
        using var request = new HttpRequestMessage(method, "/");
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        if (held is not null) request.Headers.TryAddWithoutValidation("If-None-Match", held);
        return await api.Client.SendAsync(request, Token);
    }

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}
