namespace EventFlux.Tests.Api;

/// <summary>Tries to get from a cache, or into one, what is somebody's own.</summary>
[Collection<SharedApi>]
public sealed class CachePrivacyTests(ApiFixture api)
{
    /// <summary>Ways to ask that a careless cache, or a careless key, would answer with another's representation.
    /// </summary>
    public static TheoryData<string, string> Disguises { get; } = new()
    {
        { "", "" },
        { "Cookie", "session=1" },
        { "Range", "bytes=0-" },
        { "Cache-Control", "only-if-cached, max-stale=3600" },
        { "If-None-Match", "*" },
        { "If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT" },
        { "Accept-Encoding", "identity, *;q=0" },
        { "X-Forwarded-Host", "shop.example" },
        { "X-Original-URL", "/api/events" },
        { "X-HTTP-Method-Override", "GET" },
        { "Authorization", "Basic YTpi" },
        { "Authorization", "Bearer" },
        { "Origin", "https://shop.example" },
    };

    [Theory]
    [MemberData(nameof(Disguises))]
    public async Task Draft_ThatItsCreatorReads_IsThereForNobodyElse(string header, string value)
    {
        var creator = api.NewAdmin();
        var draft = await api.CreateEventAsync(capacity: 10, status: "draft", creator: creator);
        string[] ways =
        [
            $"/api/events/{draft}", $"/api/events/{draft}/", $"/API/EVENTS/{draft.ToString().ToUpperInvariant()}",
            $"/api/%65vents/{draft}", $"/api//events/{draft}", $"/api/events/../events/{draft}",
            $"/api/events/{draft}?",
        ];
        foreach (var way in ways)
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                (await creator.GetAsync($"/api/events/{draft}")).Is(200);
                var answer = await AskAsync(method, way, header, value);
                Assert.True(answer.Status is 401 or 404, $"{method} {way}: {answer}");
            }
    }

    [Theory]
    [MemberData(nameof(Disguises))]
    public async Task DraftsThatAnAdminLists_AreListedForNobodyElse(string header, string value)
    {
        var (admin, category) = (api.NewAdmin(), $"{Guid.NewGuid():N}");
        (await admin.PostAsync("/api/events", EventBody.With(("category", category), ("status", "draft")))).Is(201);
        string[] ways =
        [
            $"status=draft&category={category}", $"category={category}&status=draft",
            $"category={category}&status=%64raft", $"category={category}&%73tatus=draft",
            $"category={category}&STATUS=draft", $"status=draft&status=active&category={category}",
        ];
        foreach (var way in ways)
        {
            Assert.Single((await admin.GetAsync($"/api/events?status=draft&category={category}")).Is(200).Items);
            var answer = await AskAsync(HttpMethod.Get, $"/api/events?{way}", header, value);
            Assert.True(answer.Status is 400 or 401, $"{way}: {answer}");
        }

        // And the other way round: what was kept for everybody has no draft in it.
        var open = await AskAsync(HttpMethod.Get, $"/api/events?category={category}", header, value);
        Assert.True(open.Status is 304 || open.Items.Length == 0, $"{open}");
    }

    [Fact]
    public async Task OwnAnswers_UnderOnePath_AreEachCallersOwn()
    {
        var (ada, ben) = (api.NewUser(), api.NewUser());
        var eventId = await api.CreateEventAsync(capacity: 10);
        var booked = (await ada.BookAsync(eventId)).Is(201);
        string[] paths =
            ["/api/bookings", "/api/waitlist", "/api/waitlist/notifications", $"/api/bookings/{booked.Id}"];
        foreach (var path in paths)
        {
            var own = (await ada.GetAsync(path)).Is(200);
            Assert.True(own.Headers.CacheControl is { NoStore: true }, path);
            var other = await ben.GetAsync(path);
            Assert.True(other.Status == 404 || other.Items.Length == 0, $"{path}: {other}");
            (await api.Nobody.GetAsync(path)).IsRefusal(401, "MISSING_TOKEN");
        }
    }

    [Fact]
    public async Task BookingByReference_AfterItsOwnerReadIt_IsShortForOthers()
    {
        var owner = api.NewUser();
        var booked = (await owner.BookAsync(await api.CreateEventAsync(capacity: 10))).Is(201);
        var path = $"/api/bookings/reference/{booked.Text("booking_reference")}";

        foreach (var caller in (ApiCaller[])[owner, api.Nobody, owner, api.NewUser()])
        {
            var answer = (await caller.GetAsync(path)).Is(200);
            Assert.Equal(caller == owner, answer.Find("user_id") is not null);
            Assert.True(answer.Headers.CacheControl is { NoStore: true });
        }
    }

    [Fact]
    public async Task Cursors_OfAnAdminsList_OpenNothingToOthers()
    {
        var (admin, category) = (api.NewAdmin(), $"{Guid.NewGuid():N}");
        for (var i = 0; i < 2; i++)
            (await admin.PostAsync("/api/events", EventBody.With(("category", category), ("status", "draft")))).Is(201);
        var path = $"/api/events?status=draft&category={category}&limit=1";
        var cursor = (await admin.GetAsync(path)).Is(200).Text("next_cursor");

        (await api.Nobody.GetAsync($"{path}&cursor={cursor}")).IsRefusal(401, "MISSING_TOKEN");
        (await api.NewUser().GetAsync($"{path}&cursor={cursor}")).IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
    }

    [Fact]
    public async Task Deleted_OrMadeADraft_IsGoneFromTheCacheWithinTwoSeconds()
    {
        var admin = api.NewAdmin();
        foreach (var isDeleted in (bool[])[true, false])
        {
            var path = $"/api/events/{await api.CreateEventAsync(capacity: 10, creator: admin)}";
            (await api.Nobody.GetAsync(path)).Is(200);
            (await (isDeleted ? admin.DeleteAsync(path) : admin.PutAsync(path, new { status = "draft" })))
                .Is(isDeleted ? 204 : 200);
            var done = TimeProvider.System.GetTimestamp();

            await Waiting.ForAsync(() => api.Nobody.GetAsync(path), answer => answer.Status == 404);

            Assert.True(TimeProvider.System.GetElapsedTime(done) < TimeSpan.FromSeconds(2), "kept for too long");
        }
    }

    private Task<ApiAnswer> AskAsync(HttpMethod method, string path, string header, string value)
    {
        // As it stands: an address is tidied up otherwise.
        var address = new Uri(
            $"{api.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)}{path}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(method, address);
        if (header.Length > 0) request.Headers.TryAddWithoutValidation(header, value);
        return api.Nobody.SendAsync(request);
    }
}
