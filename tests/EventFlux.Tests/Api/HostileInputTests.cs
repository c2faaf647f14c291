using System.Net.Sockets;
using System.Text;
using EventFlux.Tests.Fuzzing;

namespace EventFlux.Tests.Api;

/// <summary>Whatever a client sends, the fault is the client's: never a 5xx, never a word about our code.</summary>
public sealed class HostileInputTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] Internals =
        ["Exception", "System.", "Npgsql", "SELECT", "Orleans", "EventFlux.", ".cs", "stack", "char_length"];

    public static TheoryData<string> Texts =>
    [
        "\\u0000", "a\\u0000b\\u0000c", "\\ud800", "\\udc00", "abc\\udc00\\ud800", "\\ud83c", "\\uffff\\ufffe\\ufeff",
        "\\u202e\\u202d\\u200f", "\\u0085\\u009f", "\\u007f\\u007f\\u007f", "\\u2028\\u2029\\u2028", "\\\\\\\"'';--",
        "${jndi:ldap://x}", "{{7*7}}", "<script>alert(1)</script>", "%s%n%x", "../../etc/passwd", "\\t\\t\\t",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task ATextOfAnyCharacters_IsKeptOrRefused(string text)
    {
        foreach (var member in (string[])[
            "name", "venue", "description", "address", "category", "image_url", "currency", "status", "event_date",
            "capacity", "price", text])
            await SendAsync(HttpMethod.Post, "/api/events", $"{{\"name\": \"A concert\", \"{member}\": \"{text}\"}}");

        var valid = EventBody.With(("description", "TEXT"), ("address", "TEXT"), ("category", "TEXT"));
        await SendAsync(HttpMethod.Post, "/api/events", valid.Replace("TEXT", text, StringComparison.Ordinal));
        await SendAsync(
            HttpMethod.Post, "/api/auth/register",
            $$"""{"email": "{{text}}@a.org", "password": "{{text}}", "first_name": "{{text}}", "last_name": "b"}""");
        await SendAsync(HttpMethod.Post, "/api/auth/login", $$"""{"email": "{{text}}", "password": "{{text}}"}""");
        await SendAsync(HttpMethod.Post, "/api/bookings", $$"""{"event_id": "{{text}}", "quantity": 1}""");
    }

    [Theory]
    [InlineData("/api/events/%00")]
    [InlineData("/api/events/%ff%fe")]
    [InlineData("/api/events/%ed%a0%80")]
    [InlineData("/api/events/%")]
    [InlineData("/api/events/%zz")]
    [InlineData("/api/events/%2f..%2f..")]
    [InlineData("/api/events/a%0d%0aSet-Cookie:x=y")]
    [InlineData("/api/bookings/reference/%00")]
    [InlineData("/api/bookings/reference/EVT-%F0%9F%8E%BB%F0%9F%8E%BB")]
    [InlineData("/api/events?search=%00")]
    [InlineData("/api/events?search=%ff%fe")]
    [InlineData("/api/events?search=%ed%a0%80")]
    [InlineData("/api/events?search=%")]
    [InlineData("/api/events?search=%zz%")]
    [InlineData("/api/events?%00=%00")]
    [InlineData("/api/events?&&&==&")]
    [InlineData("/api/events?page=%31")]
    [InlineData("/api/events?page=\u0661")]
    [InlineData("/api/events?date_from=-0001-01-01")]
    [InlineData("/api/events?date_to=99999-01-01")]
    [InlineData("/api/events?date_from=0001-01-01T00:00:00Z&date_to=9999-12-31T23:59:59.999999999Z")]
    [InlineData("/api/events?search=\r\nX: y")]
    [InlineData("//api//events")]
    [InlineData("/api/events/\\..\\")]
    [InlineData("*")]
    [InlineData("http://elsewhere/api/events")]
    public async Task ARawTarget_NeverFaults(string target)
    {
        foreach (var method in (string[])["GET", "PUT", "DELETE", "HEAD", "OPTIONS"])
            AssertHarmless(await SendRawAsync($"{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    }

    [Theory]
    [InlineData("Host: x\r\nHost: y\r\n\r\n")]
    [InlineData("\r\n")]
    [InlineData("Host: x\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("Host: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Host: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n")]
    [InlineData("Host: x\r\nContent-Type: \r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("Host: x\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("Host: x\r\nAuthorization: Bearer \r\n\r\n")]
    [InlineData("Host: x\r\nAuthorization: Bearer \u00ff\u00fe\r\n\r\n")]
    [InlineData("Host: x\r\nIdempotency-Key: \u00ff\r\nIf-Match: \u00ff\r\nIf-None-Match: \"\r\n\r\n")]
    public async Task RawHeaders_NeverFault(string headers)
    {
        foreach (var line in (string[])[
            "POST /api/auth/login", "POST /api/events", "GET /api/events", "PUT /api/events/a"])
            AssertHarmless(await SendRawAsync($"{line} HTTP/1.1\r\nConnection: close\r\n{headers}"));
    }

    /// <summary>One character a byte.</summary>
    public static TheoryData<string> Bodies =>
    [
        "\xff\xfe{\0}\0", "\xef\xbb\xbf{}", "{\"\xff\":1}", "\0", "{\0}", Name("\xc0\x80"), Name("\xed\xa0\x80"),
        Name("A\0B"), Name("A\nB"), new string('[', 60_000), "{\"name\": " + new string('[', 60_000),
        Price(new string('9', 60_000)), Price("0." + new string('1', 60_000)), Price("1e-400"), Price("-0"),
        Price("-0.00"), Price("1E+2"),
        "{\"" + new string('a', 60_000) + "\": 1}", "{\"\": 1, \"$id\": 1, \"$type\": \"x\"}", "{\"__proto__\": {}}",
        Date("2099-01-01T24:00:00Z"), Date("2099-01-01T00:00:60Z"), Date("2099-01-01T00:00:00+99:99"),
        Date("2099-01-01T00:00:00-00:00"), Date("9999-12-31T23:59:59.9999999Z"), Date("2099-01-01t00:00:00z"),
        "{\"event_id\": \"ffffffff-ffff-ffff-ffff-ffffffffffff\", \"quantity\": 1}",
    ];

    [Theory]
    [MemberData(nameof(Bodies), DisableDiscoveryEnumeration = true)]
    public async Task ABodyOfAnyBytes_NeverFaults(string body)
    {
        var eventId = await api.CreateEventAsync(capacity: 5);
        var bytes = Encoding.Latin1.GetBytes(body);
        foreach (var path in (string[])[
            "/api/events", "/api/bookings", "/api/waitlist/join", "/api/auth/register", "/api/auth/login"])
            await SendAsync(HttpMethod.Post, path, bytes);
        foreach (var path in (string[])[$"/api/events/{eventId}", "/api/auth/profile", "/api/auth/change-password"])
            await SendAsync(HttpMethod.Put, path, bytes);
    }

    [Fact]
    public async Task Refusal_OfABodyThatCantBeRead_TellsBrowsersNotToGuess()
    {
        var answer = await api.NewUser().SendAsync(HttpMethod.Post, "/api/bookings", "{");

        answer.IsRefusal(400, "MALFORMED_REQUEST");
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
    }

    [Theory]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("application/vnd.shop+json")]
    public async Task ContentType_InAnotherSpelling_IsJsonAllTheSame(string contentType)
    {
        var body = EventBody.With();

        (await api.NewAdmin().SendAsync(HttpMethod.Post, "/api/events", body, contentType)).Is(201);
    }

    [Fact]
    public async Task Document_WhereATokenIsHeard_NamesItsRefusals()
    {
        var document = await api.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);

        var operation = ApiDocument.Parse(document).Operations.Single(one => one.ToString() == "GET /api/events");
        Assert.Superset(new HashSet<string> { "INVALID_TOKEN", "TOKEN_EXPIRED" }, operation.Answers[401].ToHashSet());
    }

    private static string Name(string text) =>
        EventBody.With(("name", "TEXT")).Replace("TEXT", text, StringComparison.Ordinal);

    private static string Price(string number) => EventBody.With().Replace("12.5", number, StringComparison.Ordinal);

    private static string Date(string text) => EventBody.With(("event_date", text));

    private Task SendAsync(HttpMethod method, string path, string body) =>
        SendAsync(method, path, Encoding.UTF8.GetBytes(body));

    private async Task SendAsync(HttpMethod method, string path, byte[] body)
    {
        var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        var answer = await api.NewAdmin().SendAsync(request);
        Assert.True(answer.Status < 500, $"{path}: {answer}");
        if (answer.Status >= 400) AssertNoInternals(answer.Json.GetRawText());
    }

    private async Task<string> SendRawAsync(string request)
    {
        using var connection = new TcpClient();
        var address = api.Client.BaseAddress!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        await connection.ConnectAsync(address.Host, address.Port, deadline.Token);
        await connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), deadline.Token);
        using var reader = new StreamReader(connection.GetStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync(deadline.Token);
    }

    private static void AssertHarmless(string response)
    {
        Assert.Matches("^HTTP/1.1 [234][0-9][0-9] ", response);
        if (response[9] == '4') AssertNoInternals(response);
    }

    private static void AssertNoInternals(string text)
    {
        foreach (var word in Internals) Assert.DoesNotContain(word, text, StringComparison.Ordinal);
    }
}
