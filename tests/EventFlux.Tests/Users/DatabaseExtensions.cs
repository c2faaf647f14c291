using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Users;

/// <summary>One statement at a time, for a test's own look at the rows.</summary>
internal static class DatabaseExtensions
{
    public static async Task ExecuteAsync(this TestDatabase database, string sql, params object[] values)
    {
        await using var command = Create(database, sql, values);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row; fails when there is none.</summary>
    public static async Task<T> ScalarAsync<T>(this TestDatabase database, string sql, params object[] values)
    {
        await using var command = Create(database, sql, values);
        return Assert.IsType<T>(await command.ExecuteScalarAsync());
    }

    private static NpgsqlCommand Create(TestDatabase database, string sql, object[] values)
    {
        var command = database.DataSource.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
