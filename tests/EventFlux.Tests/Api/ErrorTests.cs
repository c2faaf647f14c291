using System.Text;

namespace EventFlux.Tests.Api;

/// <summary>Errors that any endpoint can answer with, each as problem details.</summary>
public sealed class ErrorTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string AnEvent = "/api/events/0190c0de-0000-7000-8000-000000000000";

    [Theory]
    [InlineData("GET", "/index.html")]
    [InlineData("GET", "/api")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("POST", "/api/events/1/2/3")]
    [InlineData("GET", "/api/../etc/passwd")]
    [InlineData("GET", "/api/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("BREW", "/coffee")]
    public async Task AnUnknownRoute_IsRouteNotFound(string method, string path) =>
        (await api.Nobody.SendAsync(new(new(method), path))).IsRefusal(404, "ROUTE_NOT_FOUND");

    [Theory]
    [InlineData("DELETE", "/api/events", "GET", "POST")]
    [InlineData("PATCH", AnEvent, "DELETE", "GET", "PUT")]
    [InlineData("GET", "/api/waitlist/join", "POST", "DELETE")]
    [InlineData("GET", "/api/auth/login", "POST")]
    [InlineData("BREW", "/api/bookings", "GET", "POST")]
    public async Task AWrongMethod_IsToldTheRightOnes(string method, string path, params string[] allowed)
    {
        var answer = (await api.Nobody.SendAsync(new(new(method), path))).IsRefusal(405, "METHOD_NOT_ALLOWED");

        Assert.Equal(allowed.Order(), answer.ContentHeaders.Allow.Order());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    [InlineData("nonsense")]
    [InlineData("application/json; charset=nonsense")]
    public async Task AWrongContentType_IsUnsupported(string contentType) =>
        (await PostEventAsync("{}", contentType)).IsRefusal(415, "UNSUPPORTED_MEDIA_TYPE");

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("APPLICATION/JSON; charset=UTF-8; other=1")]
    [InlineData("application/merge-patch+json")]
    public async Task AContentTypeOfJson_IsRead(string contentType) =>
        (await PostEventAsync("{}", contentType)).IsInvalid("capacity", "event_date", "name", "price", "venue");

    [Theory]
    [InlineData("{")]
    [InlineData("{\"name\": }")]
    [InlineData("{\"name\": 'x'}")]
    [InlineData("{} trailing")]
    [InlineData("<xml/>")]
    [InlineData("{/* comment */}")]
    [InlineData("{\"name\": \"a\",}")]
    [InlineData("{\"capacity\": 01}")]
    [InlineData("{\"price\": NaN}")]
    public async Task ABodyThatIsNoJson_IsMalformed(string body) =>
        (await PostEventAsync(body)).IsRefusal(400, "MALFORMED_REQUEST");

    [Theory]
    [InlineData("", "body")]
    [InlineData("null", "body")]
    [InlineData("[]", "body")]
    [InlineData("7", "body")]
    [InlineData("\"text\"", "body")]
    [InlineData("{\"nam\": \"x\"}", "nam")]
    [InlineData("{\"Name\": \"x\"}", "Name")]
    [InlineData("{\"a b.c\": \"x\"}", "a b.c")]
    [InlineData("{\"name\": 7}", "name")]
    [InlineData("{\"name\": {\"first\": 1}}", "name")]
    [InlineData("{\"name\": \"one\", \"name\": \"two\"}", "name")]
    [InlineData("{\"capacity\": \"7\"}", "capacity")]
    [InlineData("{\"capacity\": 7.5}", "capacity")]
    [InlineData("{\"capacity\": 1e9999}", "capacity")]
    [InlineData("{\"capacity\": 99999999999999999999}", "capacity")]
    [InlineData("{\"price\": \"7.00\"}", "price")]
    [InlineData("{\"price\": 1e9999}", "price")]
    [InlineData("{\"price\": true}", "price")]
    [InlineData("{\"event_date\": 1893456000}", "event_date")]
    [InlineData("{\"event_date\": \"2030-05-01\"}", "event_date")]
    [InlineData("{\"event_date\": \"2030-05-01T18:30:00\"}", "event_date")]
    [InlineData("{\"event_date\": \"2030-02-30T18:30:00Z\"}", "event_date")]
    [InlineData("{\"event_date\": \"99999-05-01T18:30:00Z\"}", "event_date")]
    [InlineData("{\"event_date\": \"9999-12-31T23:59:59-14:00\"}", "event_date")]
    [InlineData("{\"event_date\": \"0001-01-01T00:00:00+14:00\"}", "event_date")]
    public async Task AFaultOfTheJson_NamesTheMember(string body, string member) =>
        (await PostEventAsync(body)).IsInvalid(member);

    [Fact]
    public async Task NoBodyAndNoContentType_IsInvalid() =>
        (await api.NewAdmin().SendAsync(new(HttpMethod.Post, "/api/events"))).IsInvalid("body");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ABodyOver64KiB_IsTooLarge(bool chunked)
    {
        var body = $"{{\"description\": \"{new string('x', 64 * 1024)}\"}}";
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/events")
        {
            Content = chunked
                ? new StreamContent(new UnknownLength(Encoding.UTF8.GetBytes(body)))
                : new StringContent(body),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = chunked;

        (await api.NewAdmin().SendAsync(request)).IsRefusal(413, "BODY_TOO_LARGE");
    }

    [Fact]
    public async Task ABodyOf64KiB_IsRead()
    {
        var body = "{}" + new string(' ', (64 * 1024) - 2);

        (await PostEventAsync(body)).IsInvalid("capacity", "event_date", "name", "price", "venue");
    }

    [Theory]
    [InlineData("Bearer nonsense")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.")]
    public async Task ATokenThatIsNone_IsInvalid(string authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/bookings");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);

        (await api.Nobody.SendAsync(request)).IsRefusal(401, "INVALID_TOKEN");
    }

    [Theory]
    [InlineData("/api/events")]
    [InlineData("/api/nothing")]
    [InlineData("/api/bookings")]
    public async Task EveryAnswer_ForbidsSniffingAndNamesNoServer(string path)
    {
        var answer = await api.Nobody.GetAsync(path);

        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.Empty(answer.Headers.Server);
        Assert.False(answer.Headers.Contains("X-Powered-By"));
    }

    private Task<ApiAnswer> PostEventAsync(string body, string contentType = "application/json") =>
        api.NewAdmin().SendAsync(HttpMethod.Post, "/api/events", body, contentType);

    /// <summary>Keeps the client from telling the length in front.</summary>
    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
