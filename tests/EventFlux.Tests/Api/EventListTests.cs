using System.Globalization;

namespace EventFlux.Tests.Api;

/// <summary>Finding events. Each test keeps to a category of its own.</summary>
public sealed class EventListTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly string _category = $"Category {Guid.NewGuid():N}";
    private readonly ApiCaller _admin = api.NewAdmin();

    [Fact]
    public async Task List_ByDefault_IsOfActiveEventsByDate()
    {
        await CreateAsync("third", ("event_date", "2099-03-01T00:00:00Z"));
        await CreateAsync("first", ("event_date", "2099-01-01T00:00:00Z"));
        await CreateAsync("second", ("event_date", "2099-02-01T00:00:00Z"));
        await CreateAsync("a draft", ("status", "draft"));
        await CreateAsync("called off", thenStatus: "cancelled");
        await api.CreateCompletedEventAsync(_category);

        var list = await ListAsync();

        Assert.Equal(["first", "second", "third"], Names(list));
        Assert.Equal((1, 10, 3, 1), (list.Int("page"), list.Int("limit"), list.Int("total"), list.Int("total_pages")));
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("cancelled")]
    [InlineData("completed")]
    public async Task List_OfAnotherStatus_IsForAdmins(string status)
    {
        await CreateAsync("active");
        await CreateAsync("draft", ("status", "draft"));
        await CreateAsync("cancelled", thenStatus: "cancelled");
        if (status == "completed") await api.CreateCompletedEventAsync(_category);
        var path = Path($"status={status}");

        (await api.Nobody.GetAsync(path)).IsRefusal(401, "MISSING_TOKEN");
        (await api.NewUser().GetAsync(path)).IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
        var item = Assert.Single((await _admin.GetAsync(path)).Is(200).Items);
        Assert.Equal(status, item.GetProperty("status").GetString());
        (await api.Nobody.GetAsync(path)).IsRefusal(401, "MISSING_TOKEN");
    }

    [Theory]
    [InlineData("sort_by=price", "cheap early", "cheap late", "dear")]
    [InlineData("sort_by=price&sort_order=desc", "dear", "cheap late", "cheap early")]
    [InlineData("sort_by=capacity", "dear", "cheap early", "cheap late")]
    [InlineData("sort_by=name&sort_order=asc", "cheap early", "cheap late", "dear")]
    [InlineData("sort_by=event_date&sort_order=desc", "dear", "cheap late", "cheap early")]
    [InlineData("sort_order=desc", "dear", "cheap late", "cheap early")]
    public async Task List_Sorted_HasOneOrderAlsoForEqualValues(string query, params string[] expected)
    {
        await CreateAsync("cheap early", ("price", 5), ("event_date", "2099-01-01T00:00:00Z"), ("capacity", 20));
        await CreateAsync("cheap late", ("price", 5), ("event_date", "2099-02-01T00:00:00Z"), ("capacity", 30));
        await CreateAsync("dear", ("price", 500), ("event_date", "2099-03-01T00:00:00Z"), ("capacity", 10));

        Assert.Equal(expected, Names(await ListAsync(query)));
    }

    [Fact]
    public async Task List_PageByPage_ShowsEachEventOnce()
    {
        var created = new List<string>();
        for (var i = 0; i < 7; i++) created.Add((await CreateAsync($"Event {i}")).ToString());

        var seen = new List<string>();
        for (var page = 1; page <= 3; page++)
        {
            var list = await ListAsync($"limit=3&sort_by=price&page={page}");
            Assert.Equal((page, 3), (list.Int("page"), list.Int("limit")));
            Assert.Equal((7, 3), (list.Int("total"), list.Int("total_pages")));
            seen.AddRange(list.Items.Select(item => item.GetProperty("id").GetString()!));
        }

        Assert.Equal(created.Order(), seen.Order());
        Assert.Empty((await ListAsync("limit=3&page=4")).Items);
        Assert.Empty((await ListAsync("page=2147483647&limit=100")).Items);
    }

    [Theory]
    [InlineData("date_from=2099-02-01", "February", "March")]
    [InlineData("date_from=2099-02-01T12:00:00Z", "February", "March")]
    [InlineData("date_from=2099-02-01T12:00:01Z", "March")]
    [InlineData("date_to=2099-02-01", "January", "February")]
    [InlineData("date_to=2099-02-01T12:00:00Z", "January", "February")]
    [InlineData("date_to=2099-02-01T11:59:59.999999Z", "January")]
    [InlineData("date_from=2099-01-02&date_to=2099-02-28", "February")]
    [InlineData("date_from=2099-02-01T14:00:00%2B02:00&date_to=2099-02-01T14:00:00%2B02:00", "February")]
    [InlineData("date_from=2099-03-02&date_to=2099-02-28")]
    [InlineData("date_from=0001-01-01&date_to=9999-12-31", "January", "February", "March")]
    public async Task List_OfARange_IncludesBothEnds(string query, params string[] expected)
    {
        await CreateAsync("January", ("event_date", "2099-01-01T12:00:00Z"));
        await CreateAsync("February", ("event_date", "2099-02-01T12:00:00Z"));
        await CreateAsync("March", ("event_date", "2099-03-01T12:00:00Z"));

        Assert.Equal(expected, Names(await ListAsync(query)));
    }

    [Fact]
    public async Task List_OfACategory_DisregardsCase()
    {
        await CreateAsync("An event");

        var same = await _admin.GetAsync($"/api/events?category={Escape(_category.ToUpperInvariant())}");
        var other = await _admin.GetAsync($"/api/events?category={Escape(_category[..^1])}");

        Assert.Single(same.Is(200).Items);
        Assert.Empty(other.Is(200).Items);
    }

    [Fact]
    public async Task List_OfAvailableOnly_LeavesOutWhatIsSoldOut()
    {
        await CreateAsync("free");
        var soldOut = await CreateAsync("sold out", ("capacity", 1));
        (await api.NewUser().BookAsync(soldOut)).Is(201);

        Assert.Equal(["free"], Names(await ListAsync("available_only=true")));
        Assert.Equal(2, (await ListAsync("available_only=false")).Items.Length);
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=-1&limit=0", "limit", "page")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=ten&page=1.5", "limit", "page")]
    [InlineData("page=99999999999999999999", "page")]
    [InlineData("page= 1", "page")]
    [InlineData("page=1&page=2", "page")]
    [InlineData("page=", "page")]
    [InlineData("status=sold_out", "status")]
    [InlineData("status=Active", "status")]
    [InlineData("sort_by=venue&sort_order=up", "sort_by", "sort_order")]
    [InlineData("sort_by=price;drop", "sort_by")]
    [InlineData("available_only=1", "available_only")]
    [InlineData("date_from=yesterday&date_to=2099-13-01", "date_from", "date_to")]
    [InlineData("date_from=2099-01-01T00:00:00", "date_from")]
    [InlineData("search=a%00b", "search")]
    [InlineData("category=a%1bb", "category")]
    [InlineData("Page=1&serach=x&limit=0", "Page", "limit", "serach")]
    [InlineData("=x", "")]
    public async Task List_WithFaultsInTheQuery_NamesEach(string query, params string[] members) =>
        (await _admin.GetAsync($"/api/events?{query}")).IsInvalid(members);

    [Fact]
    public async Task Find_ADraft_IsForCreatorAndAdmins()
    {
        var path = $"/api/events/{await CreateAsync("draft", ("status", "draft"))}";

        (await _admin.GetAsync(path)).Is(200);
        (await api.NewAdmin().GetAsync(path)).Is(200);
        (await api.Caller(_admin.Id, EventFlux.Contracts.Users.UserRole.User).GetAsync(path)).Is(200);
        (await api.NewUser().GetAsync(path)).IsRefusal(404, "EVENT_NOT_FOUND");
        (await api.Nobody.GetAsync(path)).IsRefusal(404, "EVENT_NOT_FOUND");
    }

    private async Task<Guid> CreateAsync(string name, params (string, object?)[] members) =>
        (await _admin.PostAsync("/api/events", EventBody.With([("name", name), ("category", _category), .. members])))
            .Is(201).Id;

    private async Task CreateAsync(string name, string thenStatus)
    {
        var id = await CreateAsync(name);
        (await _admin.PutAsync($"/api/events/{id}", new { status = thenStatus })).Is(200);
    }

    private async Task<ApiAnswer> ListAsync(string query = "") => (await api.Nobody.GetAsync(Path(query))).Is(200);

    private string Path(string query) => string.Create(
        CultureInfo.InvariantCulture, $"/api/events?category={Escape(_category)}&{query}").TrimEnd('&');

    private static string[] Names(ApiAnswer list) =>
        [.. list.Items.Select(item => item.GetProperty("name").GetString()!)];

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
