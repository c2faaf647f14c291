using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Hosting;

public sealed class MigrationRunnerTests(PostgresServer server)
{
    private static readonly MigrationScript First = new("0001_first.sql", "create table first (id int primary key);");
    private static readonly MigrationScript Second = new("0002_second.sql", "insert into first (id) values (1), (2);");

    [Fact]
    public async Task Run_EmptyDatabase_AppliesAllInOrderOnce()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();

        Assert.Equal(["0001_first.sql", "0002_second.sql"], await RunAsync(database, First, Second));
        Assert.Empty(await RunAsync(database, First, Second));
        Assert.Equal(2L, await ScalarAsync(database, "select count(*) from first"));
    }

    [Fact]
    public async Task Run_NoScripts_LeavesAnEmptyJournal()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();

        Assert.Empty(await RunAsync(database));
        Assert.Equal(0L, await ScalarAsync(database, "select count(*) from schema_migrations"));
    }

    [Fact]
    public async Task Run_EmbeddedScripts_AreAppliedInOrderAndCurrent()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();
        var scripts = MigrationScript.Embedded();
        var runner = new MigrationRunner(database.ConnectionString, scripts);

        Assert.NotEmpty(scripts);
        Assert.Equal(scripts.Select(script => script.Name), await runner.RunAsync(Cancellation));
        Assert.True(await runner.IsCurrentAsync(database.DataSource, Cancellation));
    }

    [Fact]
    public async Task Run_TwoAtOnce_EachScriptRunsOnce()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();
        var slow = new MigrationScript("0003_slow.sql", "select pg_sleep(0.2); insert into first (id) values (3);");

        var runs = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => RunAsync(database, First, Second, slow), Cancellation)));

        Assert.Equal(3, Assert.Single(runs, applied => applied.Count > 0).Count);
        Assert.Equal(3L, await ScalarAsync(database, "select count(*) from first"));
    }

    [Fact]
    public async Task Run_NewerDatabase_RefusesAndNamesTheScript()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();
        await RunAsync(database, First, Second);

        var refusal = await Assert.ThrowsAsync<StartupException>(() => RunAsync(database, First));

        Assert.Contains("newer than this program", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("0002_second.sql", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ChangedScript_RefusesAndAppliesNothing()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();
        await RunAsync(database, First);
        var changed = First with { Sql = First.Sql.Replace("int", "bigint", StringComparison.Ordinal) };

        var refusal = await Assert.ThrowsAsync<StartupException>(
            () => RunAsync(database, new MigrationScript(changed.Name, changed.Sql), Second));

        Assert.Contains("0001_first.sql was changed", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await ScalarAsync(database, "select count(*) from first"));
    }

    [Fact]
    public async Task Run_OtherLineEndings_IsNoChange()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();
        await RunAsync(database, new MigrationScript("0001_a.sql", "select 1;\nselect 2;\n"));

        Assert.Empty(await RunAsync(database, new MigrationScript("0001_a.sql", "select 1;\r\nselect 2;\r\n")));
    }

    [Fact]
    public async Task Run_ScriptBeforeAnAppliedOne_Refuses()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();
        var between = new MigrationScript("0001_later_found.sql", "select 1");
        await RunAsync(database, First, Second);

        var refusal = await Assert.ThrowsAsync<StartupException>(() => RunAsync(database, First, between, Second));

        Assert.Contains("comes before 0002_second.sql", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FailingScript_IsRolledBackWholeAndEarlierOnesStay()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();
        var failing = new MigrationScript("0002_fails.sql", "insert into first values (7); select 1 / 0;");

        var refusal = await Assert.ThrowsAsync<StartupException>(() => RunAsync(database, First, failing));

        Assert.Contains("0002_fails.sql", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await ScalarAsync(database, "select count(*) from first"));
        Assert.Equal(["0002_second.sql"], await RunAsync(database, First, Second));
    }

    /// <summary>A long read must not hold up everybody who comes behind the script.</summary>
    [Fact]
    public async Task Run_BehindALongRead_LetsOthersInAndSucceedsAfterIt()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();
        await RunAsync(database, First);
        await using var reader = await database.DataSource.OpenConnectionAsync(Cancellation);
        await using var reading = await reader.BeginTransactionAsync(Cancellation);
        await using var read = new NpgsqlCommand("select count(*) from first", reader);
        await read.ExecuteScalarAsync(Cancellation);

        var running = RunAsync(database, First, new("0002_wide.sql", "alter table first add column name text;"));
        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        await ScalarAsync(database, "set statement_timeout = '4s'; select count(*) from first");
        Assert.False(running.IsCompleted);
        await reading.RollbackAsync(Cancellation);

        Assert.Equal(["0002_wide.sql"], await running);
    }

    [Fact]
    public async Task Run_TextThatLooksLikeVariables_StaysAsItIs()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();
        const string text = "$variable$ @name :colon {0} ; semicolon";
        await RunAsync(database, new MigrationScript(
            "0001_text.sql", $"create function f() returns text as $$ select '{text}' $$ language sql;"));

        Assert.Equal(text, await ScalarAsync(database, "select f()"));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<IReadOnlyList<string>> RunAsync(TestDatabase database, params MigrationScript[] scripts) =>
        new MigrationRunner(database.ConnectionString, scripts).RunAsync(Cancellation);

    private static async Task<object?> ScalarAsync(TestDatabase database, string sql)
    {
        await using var command = new NpgsqlCommand(sql, await database.DataSource.OpenConnectionAsync(Cancellation));
        await using var connection = command.Connection!;
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
