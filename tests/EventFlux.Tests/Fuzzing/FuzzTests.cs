using System.Security.Cryptography;
using System.Text;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Fuzzing;

/// <summary>The short form of <c>-- fuzz</c> of the benchmarks: what the OpenAPI document allows, spoiled in every way,
/// by callers of every kind, at a real silo in Production.</summary>
public sealed class FuzzTests(PostgresServer server, ITestOutputHelper output)
{
    private const int RequestsOfSeed = 400;
    private static readonly int[] Seeds = [1, 2];

    [Fact]
    public async Task HostileRequests_AreRefusedAndLeaveNothingBehind()
    {
        await using var database = await server.CreateDatabaseAsync();
        var secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        await using var silo = await SiloProcess.StartReadyAsync(new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DATABASE_URL"] = database.ConnectionString,
            ["JWT_SECRET"] = secret,
            ["SILO_HOST"] = "127.0.0.1",
            ["SHUTDOWN_DRAIN_SECONDS"] = "0",
            ["RATE_LIMIT_ENABLED"] = "false",
        });
        var target = new FuzzTarget(
            silo, database.DataSource, Encoding.UTF8.GetBytes(secret),
            [secret, new NpgsqlConnectionStringBuilder(database.ConnectionString).Password!]);
        var before = SiloVitals.Read(silo.Id);

        var abuse = new SocketAbuse(target.Host, silo.Port).RunBriefAsync();
        foreach (var seed in (int[])[.. Seeds, Random.Shared.Next()])
        {
            output.WriteLine($"seed {seed}");
            var run = new FuzzRun(target, seed);
            await run.SendAsync(0, RequestsOfSeed);
            Assert.True(run.Tally.Findings.Count == 0, $"seed {seed}\n{string.Join("\n\n", run.Tally.Findings)}");
        }

        Assert.Empty(await abuse);
        var remains = new FuzzRun(target, seed: 0);
        await remains.JudgeRemainsAsync(before);
        Assert.Empty(remains.Tally.Findings);
    }
}
