using System.Globalization;
using System.Text.Json;
using EventFlux.Contracts.RateLimiting;
using EventFlux.Silo.Api;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EventFlux.Tests.Api;

/// <summary>What a client sees of its limits.</summary>
public sealed class RateLimitTests(LimitedApiFixture api) : IClassFixture<LimitedApiFixture>
{
    private const int GeneralLimit = LimitedApiFixture.GeneralLimit;
    private const string LogIn = """{"email": "nobody@example.org", "password": "some password"}""";

    private readonly string _address = api.NewAddress();

    [Fact]
    public async Task General_PastTheLimit_IsRefusedWithAllThatAClientNeeds()
    {
        for (var request = 1; request <= GeneralLimit; request++)
            AssertLimit(await GetAsync("/api/events"), GeneralLimit, GeneralLimit - request);

        var refused = (await GetAsync("/api/events")).IsRefusal(429, "RATE_LIMIT_EXCEEDED");

        AssertLimit(refused, GeneralLimit, remaining: 0);
        Assert.Equal(Header(refused, "RateLimit-Reset"), Header(refused, "Retry-After"));
        (await GetAsync("/no/such/path")).IsRefusal(429, "RATE_LIMIT_EXCEEDED");
        (await GetAsync("/openapi/v1.json")).IsRefusal(429, "RATE_LIMIT_EXCEEDED");
        (await api.GetAsync(api.NewAddress(), "/api/events")).Is(200);
    }

    [Fact]
    public async Task General_IsJudgedBeforeTheToken()
    {
        await UseUpGeneralAsync();

        var answer = await api.SendAsync(
            _address, HttpMethod.Get, "/api/bookings", headers: ("Authorization", "Bearer nonsense"));

        answer.IsRefusal(429, "RATE_LIMIT_EXCEEDED");
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    [InlineData("/api/admin/health")]
    public async Task HealthAndMetrics_CountNowhere(string path)
    {
        for (var request = 0; request <= GeneralLimit; request++)
        {
            var answer = await GetAsync(path);
            Assert.NotEqual(429, answer.Status);
            Assert.False(answer.Headers.Contains("RateLimit-Limit"));
        }

        AssertLimit(await GetAsync("/api/events"), GeneralLimit, GeneralLimit - 1);
    }

    [Fact]
    public async Task CachedAnswers_CarryTheCallersOwnNumbers()
    {
        var path = $"/api/events/{await CreateEventAsync()}";
        var other = api.NewAddress();
        var first = (await GetAsync(path)).Is(200);
        AssertLimit(first, GeneralLimit, GeneralLimit - 1);
        var tag = first.Headers.ETag!.ToString();

        for (var request = 2; request <= 8; request++)
        {
            AssertLimit((await GetAsync(path)).Is(200), GeneralLimit, GeneralLimit - request);
            if (request == 5) AssertLimit((await api.GetAsync(other, path)).Is(200), GeneralLimit, GeneralLimit - 1);
        }

        AssertLimit(
            (await api.GetAsync(other, path, ("If-None-Match", tag))).Is(304), GeneralLimit, GeneralLimit - 2);
    }

    [Fact]
    public async Task Auth_CountsByAddressOverItsThreeEndpoints_BeforeTheToken()
    {
        for (var request = 1; request <= 4; request++)
            AssertLimit(await PostAsync("/api/auth/login", LogIn), 10, 10 - request);
        for (var request = 5; request <= 8; request++)
            AssertLimit(await PostAsync("/api/auth/register", "{}"), 10, 10 - request);
        for (var request = 9; request <= 10; request++)
            (await api.SendAsync(_address, HttpMethod.Put, "/api/auth/change-password", body: "{}")).Is(401);

        (await PostAsync("/api/auth/login", LogIn)).IsRefusal(429, "AUTH_RATE_LIMIT_EXCEEDED");
        (await PostAsync("/api/auth/register", "{}")).IsRefusal(429, "AUTH_RATE_LIMIT_EXCEEDED");
        (await api.SendAsync(_address, HttpMethod.Put, "/api/auth/change-password", api.NewUser(), "{}"))
            .IsRefusal(429, "AUTH_RATE_LIMIT_EXCEEDED");
        // Thirteen so far, the refused ones too.
        AssertLimit(await GetAsync("/api/events"), GeneralLimit, GeneralLimit - 14);
    }

    [Fact]
    public async Task Booking_CountsByUserWhereverItCallsFrom_RepeatsToo()
    {
        var user = await WithinOneMinuteAsync(async () =>
        {
            var (eventId, caller) = (await CreateEventAsync(), api.NewUser());
            var body = JsonSerializer.Serialize(new { event_id = eventId, quantity = 1 });
            for (var request = 1; request <= 4; request++)
                AssertLimit((await BookAsync(caller, body, ("Idempotency-Key", "one"))).Is(201), 5, 5 - request);
            AssertLimit(
                await api.SendAsync(api.NewAddress(), HttpMethod.Post, "/api/waitlist/join", caller, body), 5, 0);
            (await BookAsync(caller, body, ("Idempotency-Key", "one")))
                .IsRefusal(429, "BOOKING_RATE_LIMIT_EXCEEDED");
            (await api.SendAsync(api.NewAddress(), HttpMethod.Post, "/api/waitlist/join", caller, body))
                .IsRefusal(429, "BOOKING_RATE_LIMIT_EXCEEDED");
            return caller;
        });

        // Reading is no booking, another user is another, and nobody's token is nobody's.
        (await api.SendAsync(_address, HttpMethod.Get, "/api/bookings", user)).Is(200);
        (await BookAsync(api.NewUser(), "{}")).Is(400);
        for (var request = 0; request < 7; request++) (await BookAsync(api.Nobody, "{}")).Is(401);
    }

    [Fact]
    public async Task Admin_CountsWritesOfEventsByUser_AndARoleComesFirst()
    {
        await WithinOneMinuteAsync(async () =>
        {
            var admin = api.NewAdmin();
            for (var request = 1; request <= 10; request++)
                (await WriteAsync(admin, HttpMethod.Post, "/api/events", "{}")).Is(400);
            for (var request = 11; request <= 20; request++)
                (await WriteAsync(admin, HttpMethod.Put, $"/api/events/{Guid.NewGuid()}", "{}")).Is(404);
            for (var request = 21; request <= 30; request++)
                (await WriteAsync(admin, HttpMethod.Delete, $"/api/events/{Guid.NewGuid()}", null)).Is(404);

            (await WriteAsync(admin, HttpMethod.Post, "/api/events", "{}"))
                .IsRefusal(429, "ADMIN_RATE_LIMIT_EXCEEDED");
            return admin;
        });

        var user = api.NewUser();
        for (var request = 0; request <= 30; request++)
            (await WriteAsync(user, HttpMethod.Post, "/api/events", "{}")).Is(403);
    }

    [Fact]
    public async Task Headers_AreOfTheTierThatIsClosestToItsEnd()
    {
        for (var request = 0; request < 16; request++) await GetAsync("/api/events");

        AssertLimit(await PostAsync("/api/auth/login", LogIn), GeneralLimit, 3);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("198.51.100.1, {0}")]
    [InlineData("127.0.0.1, {0}")]
    [InlineData("nonsense, {0}, 10.9.1.1")]
    [InlineData("198.51.100.1, {0}, 10.9.1.1, 127.0.0.2")]
    [InlineData("[::ffff:{0}]:4711")]
    public async Task Address_IsTheLastThatNoTrustedProxyIs(string forwardedFor)
    {
        await GetAsync("/api/events");

        var answer = await api.GetAsync(
            string.Format(CultureInfo.InvariantCulture, forwardedFor, _address), "/api/events");

        AssertLimit(answer, GeneralLimit, GeneralLimit - 2);
    }

    [Fact]
    public async Task Browsers_MayReadTheHeaders_OfRefusalsToo_AndTheirPreflightsCountNowhere()
    {
        for (var request = 0; request < 5; request++)
        {
            (await api.SendAsync(
                _address, HttpMethod.Options, "/api/bookings",
                headers: [("Origin", "https://shop.example"), ("Access-Control-Request-Method", "POST")])).Is(204);
        }

        var answer = (await api.GetAsync(_address, "/api/events", ("Origin", "https://shop.example"))).Is(200);
        AssertLimit(answer, GeneralLimit, GeneralLimit - 1);
        AssertExposed(answer);
        await UseUpGeneralAsync();
        AssertExposed((await api.GetAsync(_address, "/api/events", ("Origin", "https://shop.example"))).Is(429));

        static void AssertExposed(ApiAnswer answer)
        {
            var exposed = Header(answer, "Access-Control-Expose-Headers").Split(',');
            string[] expected = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"];
            Assert.Subset(exposed.ToHashSet(), expected.ToHashSet());
        }
    }

    [Fact]
    public void EachEndpoint_CountsInTheTierOfTheContract()
    {
        var endpoints = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is not null);
        foreach (var endpoint in endpoints)
        {
            var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Single();
            var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            var expected = (method, path) switch
            {
                ("POST", "/api/auth/register" or "/api/auth/login") or ("PUT", "/api/auth/change-password") =>
                    RateLimitTier.Auth,
                ("POST", "/api/bookings" or "/api/waitlist/join" or "/api/events/{id}/holds") => RateLimitTier.Booking,
                _ when path.StartsWith("/api/events/{id}/holds", StringComparison.Ordinal) => null,
                ("POST" or "PUT" or "DELETE", _) when path.StartsWith("/api/events", StringComparison.Ordinal) =>
                    RateLimitTier.Admin,
                ("GET", "/api/admin/health") => null,
                ("GET", "/api/events/{id}/bookings/export" or "/api/bookings/analytics/daily/export") =>
                    RateLimitTier.Admin,
                _ when path.StartsWith("/api/admin", StringComparison.Ordinal) => RateLimitTier.Admin,
                _ => (RateLimitTier?)null,
            };
            Assert.True(
                expected == endpoint.Metadata.GetMetadata<CountedIn>()?.Tier, $"{method} {path} is not in {expected}");
        }
    }

    private Task<ApiAnswer> GetAsync(string path) => api.GetAsync(_address, path);

    private Task<ApiAnswer> PostAsync(string path, string body) =>
        api.SendAsync(_address, HttpMethod.Post, path, body: body);

    private Task<ApiAnswer> BookAsync(ApiCaller caller, string body, params (string, string)[] headers) =>
        api.SendAsync(api.NewAddress(), HttpMethod.Post, "/api/bookings", caller, body, headers);

    private Task<ApiAnswer> WriteAsync(ApiCaller caller, HttpMethod method, string path, string? body) =>
        api.SendAsync(api.NewAddress(), method, path, caller, body);

    private async Task UseUpGeneralAsync()
    {
        while ((await GetAsync("/api/events")).Status != 429) Assert.NotNull(_address);
    }

    private async Task<Guid> CreateEventAsync()
    {
        var body = JsonSerializer.Serialize(new
        {
            name = "A concert", venue = "A hall", capacity = 100, price = 10m,
            event_date = TimeProvider.System.GetUtcNow().AddDays(30),
        });
        return (await WriteAsync(api.NewAdmin(), HttpMethod.Post, "/api/events", body)).Is(201).Id;
    }

    /// <summary>The tiers of a user have windows of a minute: what happened to begin in one and end in the next is done
    /// again.</summary>
    private static async Task<T> WithinOneMinuteAsync<T>(Func<Task<T>> act)
    {
        while (true)
        {
            var minute = Minute();
            try
            {
                return await act();
            }
            catch (Xunit.Sdk.XunitException) when (Minute() != minute)
            {
                continue;
            }
        }

        static long Minute() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60;
    }

    private static void AssertLimit(ApiAnswer answer, int limit, int remaining)
    {
        Assert.Equal(
            ($"{limit}", $"{remaining}"), (Header(answer, "RateLimit-Limit"), Header(answer, "RateLimit-Remaining")));
        Assert.InRange(int.Parse(Header(answer, "RateLimit-Reset"), CultureInfo.InvariantCulture), 1, 86_400);
    }

    private static string Header(ApiAnswer answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}
