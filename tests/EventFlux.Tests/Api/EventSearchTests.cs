namespace EventFlux.Tests.Api;

/// <summary>Finding events by words, whatever is typed.</summary>
public sealed class EventSearchTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly string _category = $"{Guid.NewGuid():N}";

    [Theory]
    [InlineData("quartet", true)]
    [InlineData("QUARTET midnight", true)]
    [InlineData("quar", true)]
    [InlineData("midnight quar", true)]
    [InlineData("mid quartet", false)]
    [InlineData("cellar", true)]
    [InlineData("microphone", true)]
    [InlineData("\"midnight quartet\"", true)]
    [InlineData("\"quartet midnight\"", false)]
    [InlineData("opera or quartet", true)]
    [InlineData("quartet -cellar", false)]
    [InlineData("quartet -opera", true)]
    [InlineData("quartet -\"the cellar\"", false)]
    [InlineData("quartet -\"grand opera\"", true)]
    [InlineData("wi-fi", true)]
    [InlineData("l'été", true)]
    [InlineData("opera", false)]
    [InlineData("   ", true)]
    public async Task List_BySearch_FindsWords(string search, bool isFound)
    {
        var body = EventBody.With(
            ("category", _category), ("name", "Midnight Quartet"), ("venue", "The Cellar"),
            ("description", "One microphone, wi-fi, l'été."));
        (await api.NewAdmin().PostAsync("/api/events", body)).Is(201);

        Assert.Equal(isFound, (await SearchAsync(search)).Items.Length == 1);
    }

    [Theory]
    [InlineData("-\"a b\"")]
    [InlineData("a or -\"b c\"")]
    [InlineData("-wi-fi")]
    [InlineData("\"")]
    [InlineData("\"\"\"\"")]
    [InlineData("'")]
    [InlineData("''; DROP TABLE events; --")]
    [InlineData("a:* & !b | (c <-> d)")]
    [InlineData(":*")]
    [InlineData("\\")]
    [InlineData("\\'")]
    [InlineData("%_%")]
    [InlineData("- - -")]
    [InlineData("or or or")]
    [InlineData("http://a.b/c?d=e#f")]
    [InlineData("a@b.c")]
    [InlineData("1e999 -1 +2 0x7f")]
    [InlineData("\U0001F3BB\U0001F3BB")]
    [InlineData("\u202e\u200b\ufeff")]
    [InlineData("\ufffe\uffff")]
    public async Task List_ByAnyText_Answers(string search)
    {
        await SearchAsync(search);
        await SearchAsync($"{search} {search}");
        (await api.Nobody.GetAsync($"/api/events?category={Uri.EscapeDataString(search)}")).Is(200);
    }

    private async Task<ApiAnswer> SearchAsync(string search) => (await api.Nobody.GetAsync(
        $"/api/events?category={_category}&search={Uri.EscapeDataString(search)}")).Is(200);
}
