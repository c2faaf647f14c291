using Npgsql;
using NpgsqlTypes;

namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>
/// However many rows there are, a query reads those that it is about. Under both kinds of plan: a prepared query may be
/// planned without a look at the values.
/// </summary>
public sealed class QueryPlanTests(OrleansDatabase database) : IClassFixture<OrleansDatabase>
{
    private const int Rows = 5000;

    public static TheoryData<string, string, string?> StorageQueries =>
        [.. from key in new[] { "ReadFromStorageKey", "WriteToStorageKey", "ClearStorageKey", "DeleteStorageKey" }
            from mode in new[] { "force_custom_plan", "force_generic_plan" }
            from extension in new[] { "evt:500", null }
            select (key, mode, extension)];

    public static TheoryData<string, string, int, int> RangeQueries => new()
    {
        { "ReadRangeRows1Key", "force_custom_plan", 10, 12 },
        { "ReadRangeRows1Key", "force_generic_plan", 10, 12 },
        { "ReadRangeRows2Key", "force_custom_plan", Rows - 2, 1 },
        { "ReadRangeRows2Key", "force_generic_plan", Rows - 2, 1 },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The worst case: string keys differ in the extension only, and one grain of the kind has none.</summary>
    [Theory]
    [MemberData(nameof(StorageQueries))]
    public async Task Storage_ManyStringKeys_LooksAtOneRow(string key, string planCacheMode, string? extension)
    {
        var service = $"test-{Guid.NewGuid():N}";
        await database.ScalarAsync<int>(
            """
            insert into orleans_storage
              (graintypestring, grainidn0, grainidn1, grainidextensionstring, serviceid, version)
            select 'note', 0, 0, nullif('evt:' || n, 'evt:0'), @id, 1 from generate_series(0, @rows) n
            """,
            ("id", service),
            ("rows", Rows));

        var plan = await ExplainAsync(
            key,
            planCacheMode,
            "orleans_storage",
            new("GrainIdN0", NpgsqlDbType.Bigint) { Value = 0L },
            new("GrainIdN1", NpgsqlDbType.Bigint) { Value = 0L },
            new("GrainTypeString", NpgsqlDbType.Text) { Value = "note" },
            new("ServiceId", NpgsqlDbType.Text) { Value = service },
            new("GrainIdExtensionString", NpgsqlDbType.Text) { Value = (object?)extension ?? DBNull.Value },
            new("GrainStateVersion", NpgsqlDbType.Integer) { Value = 1 },
            new("PayloadBinary", NpgsqlDbType.Bytea) { Value = new byte[] { 1 } });

        Assert.Contains("orleans_storage_identity", plan, StringComparison.Ordinal);
        AssertNothingReadInVain(plan);
    }

    [Theory]
    [MemberData(nameof(RangeQueries))]
    public async Task Reminders_SmallRangeOfMany_LooksAtThoseOnly(string key, string planCacheMode, int begin, int end)
    {
        var service = $"test-{Guid.NewGuid():N}";
        await database.ScalarAsync<int>(
            """
            insert into orleans_reminders (serviceid, grainid, remindername, starttime, period, grainhash)
            select @id, 'tested/' || n, 'tick', now(), 60000, n from generate_series(1, @rows) n
            """,
            ("id", service),
            ("rows", Rows));

        var plan = await ExplainAsync(
            key,
            planCacheMode,
            "orleans_reminders",
            new("ServiceId", NpgsqlDbType.Text) { Value = service },
            new("BeginHash", NpgsqlDbType.Integer) { Value = begin },
            new("EndHash", NpgsqlDbType.Integer) { Value = end });

        Assert.Contains("orleans_reminders_ring", plan, StringComparison.Ordinal);
        AssertNothingReadInVain(plan);
    }

    private static void AssertNothingReadInVain(string plan)
    {
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Rows Removed by", plan, StringComparison.Ordinal);
    }

    /// <summary>Runs the query for the plan that PostgreSQL takes, with what each step read and threw away.</summary>
    private async Task<string> ExplainAsync(
        string key, string planCacheMode, string table, params NpgsqlParameter[] parameters)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancellation);
        await ExecuteAsync(connection, $"analyze {table}");
        await ExecuteAsync(connection, $"set plan_cache_mode = {planCacheMode}");
        await using var command = connection.CreateCommand();
        command.CommandText = $"explain (analyze, costs off, timing off) {await database.ReadQueryTextAsync(key)}";
        command.Parameters.AddRange(parameters);
        await command.PrepareAsync(Cancellation);
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
            lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
