using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;

namespace EventFlux.Tests.Api;

/// <summary>Only what holds no secret is compressed, and each encoding is a representation of its own.</summary>
[Collection<SharedApi>]
public sealed class CompressionTests(ApiFixture api)
{
    [Theory]
    [InlineData("/api/events/{0}")]
    [InlineData("/api/events?search={0}")]
    [InlineData("/openapi/v1.json")]
    public async Task PublicRead_IsCompressedAsAsked_FromTheCacheToo(string format)
    {
        var path = string.Format(null, format, await api.CreateEventAsync(capacity: 10));
        var plain = await ReadAsync(path, "identity");
        for (var round = 0; round < 2; round++)
            foreach (var encoding in (string[])["br", "gzip", "identity", "br;q=0, gzip;q=0.5", "zstd"])
            {
                var (body, tag, used) = await ReadAsync(path, encoding);
                Assert.Equal(encoding switch { "br" => "br", "identity" or "zstd" => null, _ => "gzip" }, used);
                Assert.Equal(plain.Body, body);
                // Another representation has another strong tag; the same one keeps it.
                Assert.Equal(used is null, tag == plain.Tag);
            }
    }

    [Fact]
    public async Task Tag_OfAnEncoding_IsKnownInThatEncodingAlone()
    {
        var path = $"/api/events/{await api.CreateEventAsync(capacity: 10)}";
        var (_, tag, _) = await ReadAsync(path, "br");

        await AssertAsync("br", tag, 304);
        await AssertAsync("br", $"\"x\", W/{tag}", 304);
        await AssertAsync("gzip", tag, 200);
        await AssertAsync("identity", tag, 200);

        async Task AssertAsync(string encoding, string held, int status)
        {
            var request = Request(path, encoding);
            request.Headers.TryAddWithoutValidation("If-None-Match", held);
            using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Superset(
                new HashSet<string> { "Accept-Encoding", "Authorization", "Origin" },
                response.Headers.Vary.ToHashSet());
            Assert.NotNull(response.Headers.ETag);
            Assert.NotNull(response.Headers.CacheControl);
        }
    }

    [Fact]
    public async Task TagOfAnEncoding_IsGoodForIfMatch()
    {
        var admin = api.NewAdmin();
        var path = $"/api/events/{await api.CreateEventAsync(capacity: 10, creator: admin)}";
        var (_, tag, _) = await ReadAsync(path, "br");
        var request = new HttpRequestMessage(HttpMethod.Put, path)
        {
            Content = new StringContent("""{"capacity": 12}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("If-Match", tag);

        (await admin.SendAsync(request)).Is(200);
    }

    [Fact]
    public async Task WhatIsSomebodysOwn_IsNeverCompressed()
    {
        var user = api.NewUser();
        (await user.BookAsync(await api.CreateEventAsync(capacity: 10))).Is(201);
        foreach (var path in (string[])["/api/bookings", "/api/events", "/api/waitlist", "/openapi/v1.json"])
        {
            var request = Request(path, "br, gzip");
            request.Headers.Authorization = new("Bearer", user.Token);
            await AssertPlainAsync(request);
        }

        var email = $"{Guid.NewGuid():N}@shop.example";
        await AssertPlainAsync(Post("register", new
        {
            email, password = "correct horse battery", first_name = "Ada", last_name = "Moss",
        }));
        await AssertPlainAsync(Post("login", new { email, password = "correct horse battery" }));
        await AssertPlainAsync(Post("login", new { email, password = "wrong horse battery" }));
    }

    private static HttpRequestMessage Post(string path, object body)
    {
        var request = Request($"/api/auth/{path}", "br, gzip");
        request.Method = HttpMethod.Post;
        request.Content = JsonContent.Create(body);
        return request;
    }

    private static HttpRequestMessage Request(string path, string encoding)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        return request;
    }

    private async Task AssertPlainAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Empty(response.Content.Headers.ContentEncoding);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.StartsWith("{", body, StringComparison.Ordinal);
        }
    }

    private async Task<(string Body, string Tag, string? Encoding)> ReadAsync(string path, string encoding)
    {
        using var response =
            await api.Client.SendAsync(Request(path, encoding), TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        var used = response.Content.Headers.ContentEncoding.SingleOrDefault();
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using var plain = used switch
        {
            "br" => new BrotliStream(stream, CompressionMode.Decompress),
            "gzip" => new GZipStream(stream, CompressionMode.Decompress),
            _ => stream,
        };
        using var reader = new StreamReader(plain);
        return (await reader.ReadToEndAsync(TestContext.Current.CancellationToken),
            response.Headers.ETag!.ToString(), used);
    }
}
