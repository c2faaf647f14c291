using Orleans.Storage;

namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>
/// Two activations of one grain: whoever writes on what it has not read is told so, and changes nothing.
/// </summary>
public sealed class GrainStorageConflictTests(OrleansDatabase database) : GrainStorageTestBase(database),
    IClassFixture<OrleansDatabase>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WriteOrClear_StaleEtag_ThrowsAndChangesNothing(bool deleteStateOnClear)
    {
        await using var providers = await Database.StartProvidersAsync(deleteStateOnClear);
        var grain = GrainId.Create("tested", "evt:stale");
        await WriteAsync(providers, grain, new("first"));
        var stale = await ReadAsync(providers, grain);
        var fresh = await ReadAsync(providers, grain);
        fresh.State = new("second");
        await providers.Storage.WriteStateAsync(StateName, grain, fresh, Cancellation);
        stale.State = new("stale");

        await Assert.ThrowsAsync<InconsistentStateException>(
            () => providers.Storage.WriteStateAsync(StateName, grain, stale, Cancellation));
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => providers.Storage.ClearStateAsync(StateName, grain, stale, Cancellation));

        var read = await ReadAsync(providers, grain);
        Assert.Equal((new Note("second"), "2"), (read.State, read.ETag));
    }

    [Fact]
    public async Task Write_EtagOfADeletedRow_ThrowsAndStoresNothing()
    {
        await using var providers = await Database.StartProvidersAsync(deleteStateOnClear: true);
        var grain = GrainId.Create("tested", "evt:deleted");
        var stale = await WriteAsync(providers, grain, new("first"));
        await providers.Storage.ClearStateAsync(StateName, grain, await ReadAsync(providers, grain), Cancellation);
        stale.State = new("back from the dead");

        await Assert.ThrowsAsync<InconsistentStateException>(
            () => providers.Storage.WriteStateAsync(StateName, grain, stale, Cancellation));

        Assert.Equal(0, await CountAsync(providers));
    }

    [Fact]
    public async Task Write_NoEtagOverAClearedRow_Throws()
    {
        await using var providers = await Database.StartProvidersAsync();
        var grain = GrainId.Create("tested", "2a");
        var state = await WriteAsync(providers, grain, new("first"));
        await providers.Storage.ClearStateAsync(StateName, grain, state, Cancellation);

        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(providers, grain, new("blind")));

        Assert.False((await ReadAsync(providers, grain)).RecordExists);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Write_ManyFirstWriters_ExactlyOneWinsAndThereIsOneRow(string key)
    {
        await using var providers = await Database.StartProvidersAsync();
        var grain = GrainId.Create("tested", key);

        var won = await Task.WhenAll(Enumerable.Range(0, 24).Select(n => TryWriteAsync(providers, grain, n, null)));

        Assert.Single(won, w => w);
        Assert.Equal(1, await CountAsync(providers));
        Assert.Equal(new Note($"{Array.IndexOf(won, true)}"), (await ReadAsync(providers, grain)).State);
    }

    [Fact]
    public async Task Write_ManyWritersOfOneVersion_ExactlyOneWins()
    {
        await using var providers = await Database.StartProvidersAsync();
        var grain = GrainId.Create("tested", "evt:contended");
        await WriteAsync(providers, grain, new("first"));

        var won = await Task.WhenAll(Enumerable.Range(0, 24).Select(n => TryWriteAsync(providers, grain, n, "1")));

        Assert.Single(won, w => w);
        var read = await ReadAsync(providers, grain);
        Assert.Equal((new Note($"{Array.IndexOf(won, true)}"), "2"), (read.State, read.ETag));
    }

    private static async Task<bool> TryWriteAsync(OrleansProviders providers, GrainId grain, int writer, string? etag)
    {
        try
        {
            var state = new GrainState<Note> { State = new($"{writer}"), ETag = etag };
            await providers.Storage.WriteStateAsync(StateName, grain, state, Cancellation);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }
}
