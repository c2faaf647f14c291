namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>What the tests of grain storage say in one word.</summary>
public abstract class GrainStorageTestBase(OrleansDatabase database)
{
    protected const string StateName = "note";

    /// <summary>GUID, integer, string, and the two compound kinds, whose text is an extension of a number.</summary>
    public static TheoryData<string> Keys => new(
        "8c2d6f0d2b8a4a7d9a0d6d5c4b3a2f1e", "2a", "evt:zürich", "2a+extension", "8c2d6f0d2b8a4a7d9a0d6d5c4b3a2f1e+x");

    protected OrleansDatabase Database => database;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected static async Task<GrainState<Note>> WriteAsync(OrleansProviders providers, GrainId grain, Note note)
    {
        var state = new GrainState<Note> { State = note };
        await providers.Storage.WriteStateAsync(StateName, grain, state, Cancellation);
        return state;
    }

    protected static async Task<GrainState<Note>> ReadAsync(OrleansProviders providers, GrainId grain)
    {
        var state = new GrainState<Note>();
        await providers.Storage.ReadStateAsync(StateName, grain, state, Cancellation);
        return state;
    }

    protected Task<long> CountAsync(OrleansProviders providers) => database.ScalarAsync<long>(
        "select count(*) from orleans_storage where serviceid = @id", ("id", providers.Id));

    protected sealed record Note(string Text);
}
