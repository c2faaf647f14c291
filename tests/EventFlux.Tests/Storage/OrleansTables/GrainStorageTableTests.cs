using Npgsql;

namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>What others build on: the stored JSON and the table's limits.</summary>
public sealed class GrainStorageTableTests(OrleansDatabase database) : IClassFixture<OrleansDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_JsonSerializer_SqlReadsThePayload()
    {
        await using var providers = await database.StartProvidersAsync();
        await WriteAsync(providers, "2a", "Zoë \"Q\"");

        var text = await database.ScalarAsync<string>(
            """
            select convert_from(payloadbinary, 'UTF8')::jsonb ->> 'Text' from orleans_storage
            where serviceid = @id and graintypestring = 'note'
              and grainidn0 = 0 and grainidn1 = 42 and grainidextensionstring is null
            """,
            ("id", providers.Id));

        Assert.Equal("Zoë \"Q\"", text);
    }

    [Fact]
    public async Task Write_OverALimit_IsRefusedByName()
    {
        await using var providers = await database.StartProvidersAsync();

        var key = await Assert.ThrowsAsync<PostgresException>(() => WriteAsync(providers, new('z', 513), "short"));
        var payload = await Assert.ThrowsAsync<PostgresException>(
            () => WriteAsync(providers, "evt:long", new('z', 1_048_577)));

        Assert.Equal("orleans_storage_grainidextensionstring_check", key.ConstraintName);
        Assert.Equal("orleans_storage_payloadbinary_check", payload.ConstraintName);
    }

    [Fact]
    public async Task Write_LongestKeyOfFourByteLetters_FitsTheIndex()
    {
        await using var providers = await database.StartProvidersAsync();
        var random = new Random(20300102);
        // Random letters, so that the index can't compress its way out.
        var key = string.Concat(
            Enumerable.Range(0, 512).Select(_ => char.ConvertFromUtf32(random.Next(0x20000, 0x2A6D0))));

        await WriteAsync(providers, key, "stored");

        Assert.Equal(1, await database.ScalarAsync<long>(
            "select count(*) from orleans_storage where serviceid = @id", ("id", providers.Id)));
    }

    private static async Task WriteAsync(OrleansProviders providers, string key, string text) =>
        await providers.Storage.WriteStateAsync(
            "note", GrainId.Create("tested", key), new GrainState<Note> { State = new(text) }, Cancellation);

    private sealed record Note(string Text);
}
