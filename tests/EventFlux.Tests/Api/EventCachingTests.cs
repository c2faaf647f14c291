using System.Net.Http.Headers;

namespace EventFlux.Tests.Api;

/// <summary>Entity tags, preconditions, and what a cache may hold.</summary>
public sealed class EventCachingTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly ApiCaller _admin = api.NewAdmin();

    [Fact]
    public async Task Find_WithTheTagHeld_Answers304UntilSomethingChanges()
    {
        var eventId = await api.CreateEventAsync(capacity: 10);
        var tag = await TagAsync(eventId);

        var unchanged = (await GetAsync(_admin, $"/api/events/{eventId}", tag)).Is(304);
        Assert.Equal(tag, unchanged.Headers.ETag?.ToString());
        (await GetAsync(_admin, $"/api/events/{eventId}", $"\"other\", W/{tag}")).Is(304);
        (await GetAsync(_admin, $"/api/events/{eventId}", "*")).Is(304);
        (await GetAsync(_admin, $"/api/events/{eventId}", "\"other\"")).Is(200);
        (await GetAsync(_admin, $"/api/events/{eventId}", "nonsense \"")).Is(200);

        (await api.NewUser().BookAsync(eventId)).Is(201);
        var booked = (await GetAsync(_admin, $"/api/events/{eventId}", tag)).Is(200);
        Assert.Equal(9, booked.Int("available_tickets"));
        (await _admin.PutAsync($"/api/events/{eventId}", new { description = "New" })).Is(200);
        (await GetAsync(_admin, $"/api/events/{eventId}", booked.Headers.ETag!.ToString())).Is(200);
    }

    [Fact]
    public async Task Find_WhenTheDateHasCome_ChangesTheTag()
    {
        // Seen before its date: again when the machine was too slow for that.
        var before = await Waiting.ForAsync(
            async () =>
            {
                var created = await api.CreateEventSoonAsync(ahead: TimeSpan.FromSeconds(2));
                return await _admin.GetAsync($"/api/events/{created.Id}");
            },
            answer => answer.Text("status") == "active");
        var path = $"/api/events/{before.Id}";

        await Waiting.ForAsync(() => _admin.GetAsync(path), answer => answer.Text("status") == "completed");

        (await GetAsync(_admin, path, before.Headers.ETag!.ToString())).Is(200);
    }

    [Fact]
    public async Task List_WithTheTagHeld_Answers304UntilSomethingChanges()
    {
        var category = $"{Guid.NewGuid():N}";
        var path = $"/api/events?category={category}";
        (await _admin.PostAsync("/api/events", EventBody.With(("category", category)))).Is(201);
        var tag = (await _admin.GetAsync(path)).Is(200).Headers.ETag!.ToString();

        (await GetAsync(_admin, path, tag)).Is(304);
        (await GetAsync(api.Nobody, path, tag)).Is(304);
        (await _admin.PostAsync("/api/events", EventBody.With(("category", category)))).Is(201);
        (await GetAsync(_admin, path, tag)).Is(200);
    }

    [Fact]
    public async Task Update_WithAStaleIfMatch_IsRefused()
    {
        var eventId = await api.CreateEventAsync(capacity: 10);
        var tag = await TagAsync(eventId);

        var first = (await UpdateAsync(eventId, tag, "first")).Is(200);
        (await UpdateAsync(eventId, tag, "second")).IsRefusal(412, "PRECONDITION_FAILED");

        Assert.Equal("first", (await _admin.GetAsync($"/api/events/{eventId}")).Text("description"));
        (await UpdateAsync(eventId, first.Headers.ETag!.ToString(), "third")).Is(200);
    }

    [Fact]
    public async Task Update_AfterABooking_IsNotStale()
    {
        var eventId = await api.CreateEventAsync(capacity: 10);
        var tag = await TagAsync(eventId);
        (await api.NewUser().BookAsync(eventId)).Is(201);

        (await UpdateAsync(eventId, tag, "still mine")).Is(200);
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("\"other\", {0}", true)]
    [InlineData("W/{0}", false)]
    [InlineData("\"0.0\"", false)]
    [InlineData("\"99999999999999999999.1\"", false)]
    [InlineData("\"\"", false)]
    [InlineData("nonsense", false)]
    [InlineData("\"other\"", false)]
    public async Task Update_WithIfMatch_ComparesStrongly(string ifMatch, bool isAllowed)
    {
        var eventId = await api.CreateEventAsync(capacity: 10);

        var answer = await UpdateAsync(
            eventId, ifMatch.Replace("{0}", await TagAsync(eventId), StringComparison.Ordinal), "changed");

        if (isAllowed) answer.Is(200);
        else answer.IsRefusal(412, "PRECONDITION_FAILED");
    }

    [Fact]
    public async Task Find_ByNobody_IsCachedBrieflyAndAddsUp()
    {
        var eventId = await api.CreateEventAsync(capacity: 100);
        var first = (await api.Nobody.GetAsync($"/api/events/{eventId}")).Is(200);
        Assert.True(first.Headers.CacheControl is { Public: true, MaxAge.TotalSeconds: > 0 and <= 2 });
        Assert.Contains("Authorization", first.Headers.Vary);

        for (var buyers = 1; buyers <= 5; buyers++)
        {
            (await api.NewUser().BookAsync(eventId, 2)).Is(201);
            await Waiting.ForAsync(
                () => api.Nobody.GetAsync($"/api/events/{eventId}"),
                answer =>
                {
                    Assert.Equal(
                        100,
                        answer.Int("available_tickets") + answer.Int("booked_tickets") + answer.Int("held_tickets"));
                    return answer.Int("booked_tickets") == 2 * buyers;
                });
        }
    }

    [Fact]
    public async Task Find_WithAToken_IsNeverFromTheCacheNorIntoIt()
    {
        var eventId = await api.CreateEventAsync(capacity: 10);
        (await api.Nobody.GetAsync($"/api/events/{eventId}")).Is(200);
        (await api.NewUser().BookAsync(eventId)).Is(201);

        var fresh = (await api.NewUser().GetAsync($"/api/events/{eventId}")).Is(200);
        Assert.Equal(9, fresh.Int("available_tickets"));
        Assert.True(fresh.Headers.CacheControl is { Private: true });
        Assert.Null(fresh.Headers.Age);

        var draft = $"/api/events/{await api.CreateEventAsync(capacity: 10, status: "draft", creator: _admin)}";
        (await _admin.GetAsync(draft)).Is(200);
        (await api.Nobody.GetAsync(draft)).IsRefusal(404, "EVENT_NOT_FOUND");
        (await api.NewUser().GetAsync(draft)).IsRefusal(404, "EVENT_NOT_FOUND");
        (await _admin.GetAsync(draft)).Is(200);
    }

    [Fact]
    public async Task Head_AnswersAsGetWithoutABody()
    {
        var path = $"/api/events/{await api.CreateEventAsync(capacity: 10)}";
        var read = (await _admin.GetAsync(path)).Is(200);

        var asked = (await _admin.SendAsync(new(HttpMethod.Head, path))).Is(200);

        Assert.Equal(read.Headers.ETag, asked.Headers.ETag);
        Assert.Equal(default, asked.Json);
        (await _admin.SendAsync(new(HttpMethod.Head, "/api/events/abc"))).Is(404);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task List_Large_IsCompressedOnRequest(string encoding)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/events?limit=100");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));

        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
    }

    private async Task<string> TagAsync(Guid eventId) =>
        (await _admin.GetAsync($"/api/events/{eventId}")).Is(200).Headers.ETag!.ToString();

    private static Task<ApiAnswer> GetAsync(ApiCaller caller, string path, string ifNoneMatch)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return caller.SendAsync(request);
    }

    private Task<ApiAnswer> UpdateAsync(Guid eventId, string ifMatch, string description)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/api/events/{eventId}")
        {
            Content = new StringContent($"{{\"description\": \"{description}\"}}", null, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return _admin.SendAsync(request);
    }
}
