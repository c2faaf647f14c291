using EventFlux.Grains.Storage;
using Npgsql;

namespace EventFlux.Tests.Storage;

/// <summary>What <c>verify</c> says of a database.</summary>
internal static class VerifiedDatabase
{
    public static async Task<List<SumDifference>> DifferencesAsync(NpgsqlDataSource database)
    {
        var found = new List<SumDifference>();
        var count = await new Verification(database).RunAsync(
            found.Add, _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(found.Count, count);
        return found;
    }

    public static async Task AssertNoDifferenceAsync(NpgsqlDataSource database) =>
        Assert.Empty(await DifferencesAsync(database));

    public static Task RebuildAsync(NpgsqlDataSource database) =>
        new Rebuilding(database).RunAsync(_ => { }, TestContext.Current.CancellationToken);
}
