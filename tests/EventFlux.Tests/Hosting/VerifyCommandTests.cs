using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Hosting;

/// <summary><c>verify</c> as an operator runs it.</summary>
public sealed class VerifyCommandTests(PostgresServer server)
{
    [Fact]
    public async Task Verify_PrintsEachDifference_AndRebuildMendsThem()
    {
        await using var database = await server.CreateDatabaseAsync();
        Assert.Equal((0, "0 differences"), await RunAsync(database, "verify"));

        await database.ExecuteAsync("INSERT INTO user_signups VALUES ('2029-01-01', 7)");
        const string Found = "user_signups, 2029-01-01, users: kept 7, recomputed 0\n1 differences";
        Assert.Equal((1, Found), await RunAsync(database, "verify"));
        Assert.Equal((0, $"{Found}\n0 differences"), await RunAsync(database, "verify", "--rebuild"));
        Assert.Equal((0, "0 differences"), await RunAsync(database, "verify"));
    }

    [Fact]
    public async Task Verify_OlderOrEmptyDatabase_IsRefusedInOneLineAndLeftAsItIs()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();
        var scripts = MigrationScript.Embedded();
        await AssertRefusedAsync(scripts[0].Name);
        Assert.Equal(0, await database.ScalarAsync<long>(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"));

        MigrationScript[] older = [.. scripts.SkipLast(1)];
        await new MigrationRunner(database.ConnectionString, older).RunAsync(TestContext.Current.CancellationToken);
        await AssertRefusedAsync(scripts[^1].Name);
        Assert.Equal(older.Length, await database.ScalarAsync<long>("SELECT count(*) FROM schema_migrations"));

        async Task AssertRefusedAsync(string missing)
        {
            await using var verify = Start(database, "verify", "--rebuild");
            Assert.Equal(1, await verify.WaitForExitAsync());
            Assert.Equal(
                $"The database is older than this program ({missing} is not applied). Run `migrate` first.",
                verify.Errors.Trim());
            Assert.Equal("", verify.Output);
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(TestDatabase database, params string[] arguments)
    {
        await using var verify = Start(database, arguments);
        var exitCode = await verify.WaitForExitAsync();
        Assert.Contains("looking at event_inventory", verify.Errors, StringComparison.Ordinal);
        return (exitCode, verify.Output.Trim().ReplaceLineEndings("\n"));
    }

    private static SiloProcess Start(TestDatabase database, params string[] arguments)
    {
        var environment = new Dictionary<string, string?>
        {
            // Needs no secret, in Production neither.
            ["DATABASE_URL"] = database.ConnectionString, ["ASPNETCORE_ENVIRONMENT"] = "Production",
        };
        return SiloProcess.Start(environment, arguments);
    }
}
