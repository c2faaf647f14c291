using EventFlux.Tests.Api;

namespace EventFlux.Tests.AdminConsole;

/// <summary>The API of the whole program: what the console brings along changes none of its answers.</summary>
[Collection(typeof(SharedConsole))]
public sealed class ApiBesideConsoleTests(ConsoleSilo silo)
{
    [Fact]
    public async Task AnotherContentType_IsAProblemLikeAnyOther()
    {
        var answer = await silo.Admin.SendAsync(HttpMethod.Post, "/api/bookings", "<a/>", "text/xml");

        answer.IsRefusal(415, "UNSUPPORTED_MEDIA_TYPE");
    }

    [Fact]
    public async Task AnotherContentTypeOfNobody_IsRefusedForWhoAsks()
    {
        var nobody = new ApiCaller(silo.Http, Guid.Empty, null);

        var answer = await nobody.SendAsync(HttpMethod.Post, "/api/bookings", "x", "text/plain");

        answer.IsRefusal(401, "MISSING_TOKEN");
    }

    [Theory]
    [InlineData("/dashboard")]
    [InlineData("/console")]
    public async Task PlaceForAdmins_RefusesWhatAsksForNoPageWithAProblem(string place)
    {
        var nobody = new ApiCaller(silo.Http, Guid.Empty, null);

        (await nobody.GetAsync(place)).IsRefusal(401, "MISSING_TOKEN");
        if (place == "/dashboard")
            (await (await silo.SignUpAsync()).GetAsync(place)).IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
    }
}
