namespace EventFlux.Tests.Api;

/// <summary>Creating events: defaults, limits, and every fault named.</summary>
public sealed class EventCreationTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Create_WithTheRequiredMembers_FillsInTheRest()
    {
        var admin = api.NewAdmin();

        var created = (await admin.PostAsync("/api/events", EventBody.With())).Is(201);

        Assert.Equal($"/api/events/{created.Id}", created.Headers.Location?.ToString());
        Assert.NotNull(created.Headers.ETag);
        Assert.Equal(7, created.Id.Version);
        Assert.Equal("active", created.Text("status"));
        Assert.Equal("USD", created.Text("currency"));
        Assert.Equal("12.50", created.Json.GetProperty("price").GetRawText());
        Assert.Equal("2099-05-01T18:30:00Z", created.Text("event_date"));
        Assert.Equal(admin.Id.ToString(), created.Text("created_by"));
        Assert.EndsWith("Z", created.Text("created_at"), StringComparison.Ordinal);
        foreach (var (member, count) in ((string, int)[])[
            ("capacity", 10), ("available_tickets", 10), ("booked_tickets", 0), ("held_tickets", 0),
            ("waitlist_length", 0)])
            Assert.Equal((member, count), (member, created.Int(member)));
        foreach (var member in (string[])["description", "address", "category", "image_url"])
            Assert.Null(created.Text(member));
        Assert.Equal(created.Json.GetRawText(), (await admin.GetAsync($"/api/events/{created.Id}")).Json.GetRawText());
    }

    [Fact]
    public async Task Create_WithEveryMember_KeepsEachAsItWas()
    {
        var body = EventBody.With(
            ("description", "Line\nline \"quoted\" <b> \u2028 \U0001F3BB"), ("address", "14 Harbour Lane"),
            ("event_date", "2099-05-01T20:30:00.123456+02:00"), ("capacity", 1_000_000), ("price", 1_000_000),
            ("currency", "GBP"), ("category", "Música"), ("image_url", "https://example.org/a.png"),
            ("status", "draft"));

        var created = (await api.NewAdmin().PostAsync("/api/events", body)).Is(201);

        Assert.Equal("Line\nline \"quoted\" <b> \u2028 \U0001F3BB", created.Text("description"));
        Assert.Equal("2099-05-01T18:30:00.123456Z", created.Text("event_date"));
        Assert.Equal("1000000.00", created.Json.GetProperty("price").GetRawText());
        Assert.Equal(("GBP", "Música"), (created.Text("currency"), created.Text("category")));
        Assert.Equal("draft", created.Text("status"));
        Assert.Contains("\"Música\"", created.Json.GetRawText());
    }

    [Fact]
    public async Task Create_WithManyFaults_NamesAllAtOnce()
    {
        const string Body = """
            {"name": "ab", "venue": null, "event_date": "2001-01-01T00:00:00Z", "capacity": 0, "price": -1,
             "currency": "usd", "status": "cancelled", "image_url": "javascript:alert(1)"}
            """;

        (await api.NewAdmin().PostAsync("/api/events", Body))
            .IsInvalid("capacity", "currency", "event_date", "image_url", "name", "price", "status", "venue");
    }

    public static TheoryData<string, object?> Limits => new()
    {
        { "name", "ab" }, { "name", "  ab  " }, { "name", new string('x', 256) }, { "name", "a\0b" },
        { "name", "a\u001bb" },
        { "venue", "ab" }, { "venue", new string('x', 256) }, { "description", new string('x', 2001) },
        { "address", new string('x', 501) }, { "category", new string('x', 101) }, { "category", "a\0b" },
        { "capacity", 0 }, { "capacity", -1 }, { "capacity", 1_000_001 },
        { "price", -0.01m }, { "price", 1_000_000.01m }, { "price", 1.005m },
        { "currency", "" }, { "currency", "US" }, { "currency", "usd" }, { "currency", "USDX" },
        { "currency", "USD\n" },
        { "status", "cancelled" }, { "status", "completed" }, { "status", "Active" }, { "status", "" },
        { "event_date", "2001-01-01T00:00:00Z" },
        { "image_url", "/relative" }, { "image_url", "ftp://example.org/a" }, { "image_url", "javascript:alert(1)" },
        { "image_url", "https://example.org/" + new string('x', 2000) },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Create_BeyondALimit_NamesTheMember(string member, object? value) =>
        (await api.NewAdmin().PostAsync("/api/events", EventBody.With((member, value)))).IsInvalid(member);

    [Theory]
    [InlineData("name", 3)]
    [InlineData("name", 255)]
    [InlineData("venue", 255)]
    [InlineData("description", 2000)]
    [InlineData("address", 500)]
    [InlineData("category", 100)]
    public async Task Create_AtALimitOfAnyScript_IsAccepted(string member, int characters)
    {
        // Two UTF-16 units each: the limits count characters, as the database does.
        var text = string.Concat(Enumerable.Repeat("\U0001F3BB", characters));

        var created = (await api.NewAdmin().PostAsync("/api/events", EventBody.With((member, text)))).Is(201);

        Assert.Equal(text, created.Text(member));
    }
}
