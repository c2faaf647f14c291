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

    private static async Task<(int ExitCode, string Output)> RunAsync(TestDatabase database, params string[] arguments)
    {
        var environment = new Dictionary<string, string?>
        {
            // Needs no secret, in Production neither.
            ["DATABASE_URL"] = database.ConnectionString, ["ASPNETCORE_ENVIRONMENT"] = "Production",
        };
        await using var verify = SiloProcess.Start(environment, arguments);
        var exitCode = await verify.WaitForExitAsync();
        Assert.Contains("looking at event_inventory", verify.Errors, StringComparison.Ordinal);
        return (exitCode, verify.Output.Trim().ReplaceLineEndings("\n"));
    }
}
