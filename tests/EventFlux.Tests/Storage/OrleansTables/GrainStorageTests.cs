namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>Grain state in the storage table, for every kind of grain key.</summary>
public sealed class GrainStorageTests(OrleansDatabase database) : GrainStorageTestBase(database),
    IClassFixture<OrleansDatabase>
{
    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Write_EveryKindOfKey_IsReadBackAndKeepsOneRow(string key)
    {
        await using var providers = await Database.StartProvidersAsync();
        var grain = GrainId.Create("tested", key);
        var written = await WriteAsync(providers, grain, new("first"));
        var secondEtag = written.ETag;

        written.State = new("second");
        await providers.Storage.WriteStateAsync(StateName, grain, written, Cancellation);

        var read = await ReadAsync(providers, grain);
        Assert.Equal(("1", "2"), (secondEtag, written.ETag));
        Assert.Equal((new Note("second"), "2", true), (read.State, read.ETag, read.RecordExists));
        Assert.Equal(1, await CountAsync(providers));
    }

    [Fact]
    public async Task Write_NeighbourKeysNamesAndServices_DoNotMeet()
    {
        await using var providers = await Database.StartProvidersAsync();
        await using var otherService = await Database.StartProvidersAsync();
        var grains = Keys.Select(key => GrainId.Create("tested", key.Data)).ToArray();
        foreach (var grain in grains)
        {
            await WriteAsync(providers, grain, new($"here {grain.Key}"));
            await WriteAsync(otherService, grain, new($"there {grain.Key}"));
        }
        var otherName = new GrainState<Note> { State = new("other name") };
        await providers.Storage.WriteStateAsync("other", grains[0], otherName, Cancellation);

        foreach (var grain in grains)
        {
            Assert.Equal($"here {grain.Key}", (await ReadAsync(providers, grain)).State?.Text);
            Assert.Equal($"there {grain.Key}", (await ReadAsync(otherService, grain)).State?.Text);
        }
    }

    [Fact]
    public async Task Read_NothingStored_HasNoRecord()
    {
        await using var providers = await Database.StartProvidersAsync();

        var read = await ReadAsync(providers, GrainId.Create("tested", "evt:none"));

        Assert.Equal((false, null), (read.RecordExists, read.ETag));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Clear_ThenWriteThenClear_CountsOnInOneRow(string key)
    {
        await using var providers = await Database.StartProvidersAsync();
        var grain = GrainId.Create("tested", key);
        var state = await WriteAsync(providers, grain, new("first"));

        await providers.Storage.ClearStateAsync(StateName, grain, state, Cancellation);
        Assert.Equal((false, "2"), (state.RecordExists, state.ETag));
        var cleared = await ReadAsync(providers, grain);
        Assert.Equal((false, "2"), (cleared.RecordExists, cleared.ETag));

        cleared.State = new("again");
        await providers.Storage.WriteStateAsync(StateName, grain, cleared, Cancellation);
        var read = await ReadAsync(providers, grain);
        Assert.Equal((new Note("again"), true, "3"), (read.State, read.RecordExists, read.ETag));

        await providers.Storage.ClearStateAsync(StateName, grain, read, Cancellation);
        Assert.Equal("4", read.ETag);
        Assert.Equal(1, await CountAsync(providers));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Clear_ProviderDeletes_LeavesNoRowAndWriteBeginsAnew(string key)
    {
        await using var providers = await Database.StartProvidersAsync(deleteStateOnClear: true);
        var grain = GrainId.Create("tested", key);
        var state = await WriteAsync(providers, grain, new("first"));

        await providers.Storage.ClearStateAsync(StateName, grain, state, Cancellation);

        Assert.Equal((false, null), (state.RecordExists, state.ETag));
        Assert.Equal(0, await CountAsync(providers));
        Assert.Equal("1", (await WriteAsync(providers, grain, new("again"))).ETag);
    }
}
