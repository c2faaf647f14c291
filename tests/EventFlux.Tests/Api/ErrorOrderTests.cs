namespace EventFlux.Tests.Api;

/// <summary>Which error it is when there could be several, and what names nothing.</summary>
public sealed class ErrorOrderTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string AnEvent = "/api/events/0190c0de-0000-7000-8000-000000000000";

    /// <summary>Who asks is judged before what is asked.</summary>
    [Theory]
    [InlineData("{", "application/json")]
    [InlineData("{}", "application/json")]
    [InlineData("x", "text/plain")]
    [InlineData(null, null)]
    public async Task AFaultyRequestOfNobodyOrAUser_IsRefusedForThat(string? body, string? contentType)
    {
        (await api.Nobody.SendAsync(HttpMethod.Post, "/api/events", body, contentType)).IsRefusal(401, "MISSING_TOKEN");
        (await api.NewUser().SendAsync(HttpMethod.Post, "/api/events", body, contentType))
            .IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
    }

    /// <summary>What is asked is judged before what it is asked of.</summary>
    [Theory]
    [InlineData("PUT", AnEvent, "{\"name\": \"\"}", "name")]
    [InlineData("PUT", AnEvent, "{\"nam\": \"\"}", "nam")]
    [InlineData("GET", AnEvent + "/bookings?page=0", null, "page")]
    [InlineData("GET", AnEvent + "/bookings?pgae=1", null, "pgae")]
    [InlineData("GET", "/api/waitlist/event/0190c0de-0000-7000-8000-000000000000?limit=101", null, "limit")]
    public async Task AFaultyRequestForAnUnknownEvent_IsInvalid(
        string method, string path, string? body, string member) =>
        (await api.NewAdmin().SendAsync(new(method), path, body)).IsInvalid(member);

    [Theory]
    [InlineData("GET", AnEvent)]
    [InlineData("GET", "/api/bookings/0190c0de-0000-7000-8000-000000000000")]
    [InlineData("GET", "/api/bookings/reference/EVT-7Q2M0V9KXB4TD")]
    [InlineData("DELETE", AnEvent)]
    [InlineData("GET", "/api/waitlist/notifications", "page", "sort_by")]
    [InlineData("GET", "/api/auth/profile")]
    [InlineData("GET", "/api/events", "page", "sort")]
    public async Task AnUnknownQueryParameter_IsNamed(string method, string path, params string[] members)
    {
        var names = members is [] ? ["x"] : members;
        var query = string.Join("&", names.Select(name => $"{name}=0"));

        (await api.NewAdmin().SendAsync(new(new(method), $"{path}?{query}"))).IsInvalid(names);
    }

    [Theory]
    [InlineData("GET", "/api/events/abc", "EVENT_NOT_FOUND")]
    [InlineData("GET", "/api/events/00000000-0000-0000-0000-000000000000", "EVENT_NOT_FOUND")]
    [InlineData("GET", "/api/events/{0190c0de-0000-7000-8000-000000000000}", "EVENT_NOT_FOUND")]
    [InlineData("DELETE", "/api/events/abc", "EVENT_NOT_FOUND")]
    [InlineData("GET", "/api/events/abc/bookings", "EVENT_NOT_FOUND")]
    [InlineData("GET", "/api/waitlist/event/abc", "EVENT_NOT_FOUND")]
    [InlineData("DELETE", "/api/waitlist/abc", "EVENT_NOT_FOUND")]
    [InlineData("GET", "/api/bookings/abc", "BOOKING_NOT_FOUND")]
    [InlineData("PUT", "/api/bookings/abc/cancel", "BOOKING_NOT_FOUND")]
    [InlineData("GET", "/api/bookings/reference/abc", "BOOKING_NOT_FOUND")]
    public async Task AnIdThatIsNone_IsNotFound(string method, string path, string code) =>
        (await api.NewAdmin().SendAsync(new(new(method), path))).IsRefusal(404, code);
}
