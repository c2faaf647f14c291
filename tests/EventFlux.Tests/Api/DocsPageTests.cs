using System.Text.RegularExpressions;

namespace EventFlux.Tests.Api;

/// <summary>The page for people.</summary>
public sealed partial class DocsPageTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task DocsPage_NeedsNothingFromElsewhere()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var page = await api.Client.GetAsync("/docs", cancellation);
        var html = await page.Content.ReadAsStringAsync(cancellation);

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("openapi/v1.json", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("""(src|href)=["'](https?:)?//""", html);
        Assert.DoesNotContain("cdn.", html, StringComparison.Ordinal);
        var script = Script().Matches(html).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(script);
        foreach (var source in script)
        {
            var address = new Uri(page.RequestMessage!.RequestUri!, source);
            using var served = await api.Client.GetAsync(address, cancellation);
            Assert.True(served.IsSuccessStatusCode, source);
        }
    }

    [GeneratedRegex("""<script[^>]+src=["']([^"']+)["']""")]
    private static partial Regex Script();
}
