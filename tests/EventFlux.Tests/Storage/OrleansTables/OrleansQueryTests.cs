using Npgsql;

namespace EventFlux.Tests.Storage.OrleansTables;

/// <summary>The seeded query table: a missing or misspelt key stops a silo at start.</summary>
public sealed class OrleansQueryTests(OrleansDatabase database) : IClassFixture<OrleansDatabase>
{
    private static readonly string[] Required =
    [
        "GatewaysQueryKey", "MembershipReadRowKey", "MembershipReadAllKey", "InsertMembershipVersionKey",
        "UpdateIAmAlivetimeKey", "InsertMembershipKey", "UpdateMembershipKey", "DeleteMembershipTableEntriesKey",
        "CleanupDefunctSiloEntriesKey", "CleanupDefunctSiloEntryKey",
        "ReadReminderRowsKey", "ReadRangeRows1Key", "ReadRangeRows2Key", "ReadReminderRowKey",
        "UpsertReminderRowKey", "DeleteReminderRowKey", "DeleteReminderRowsKey",
        "WriteToStorageKey", "ReadFromStorageKey", "ClearStorageKey", "DeleteStorageKey",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_AfterMigration_AreTheOnesThatTheProvidersAskFor()
    {
        var keys = await ReadAsync("select querykey from orleansquery");

        Assert.Equal(Required.Order(StringComparer.Ordinal), keys.Order(StringComparer.Ordinal));
    }

    /// <summary>The providers' own statement, letter for letter: the mixed case has to fold to the table.</summary>
    [Fact]
    public async Task Table_AskedInMixedCase_Answers() =>
        Assert.Equal(Required.Length, (await ReadAsync("SELECT QueryKey, QueryText FROM OrleansQuery")).Count);

    [Fact]
    public async Task Table_KeyTwice_IsRefused()
    {
        await using var command = database.DataSource.CreateCommand(
            "insert into orleansquery select querykey, querytext from orleansquery limit 1");

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
    }

    private async Task<List<string>> ReadAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var first = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            first.Add(reader.GetString(0));
        return first;
    }
}
