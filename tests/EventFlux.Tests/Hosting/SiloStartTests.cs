using System.Net;
using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Hosting;

/// <summary>Real processes, as someone starts them who has configured nothing.</summary>
public sealed class SiloStartTests(DataFolder used) : IClassFixture<DataFolder>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Start_NothingConfigured_ServesAndASecondSiloJoinsAndTheLastOneStopsPostgres()
    {
        await using var folder = new DataFolder();
        await using var first = await SiloProcess.StartReadyAsync(In(folder));
        await using var second = await SiloProcess.StartReadyAsync(In(folder));
        Assert.Equal(2, await ActiveSilosAsync(folder));
        Assert.Contains($"EventFlux serves on http://localhost:{first.Port}", first.Output, StringComparison.Ordinal);
        Assert.Contains($"http://localhost:{first.Port}/docs", first.Output, StringComparison.Ordinal);

        first.Terminate();
        Assert.Equal(0, await first.WaitForExitAsync());
        Assert.Equal(HttpStatusCode.OK, await second.ReadinessAsync());

        second.Terminate();
        Assert.Equal(0, await second.WaitForExitAsync());
        Assert.DoesNotContain(folder.Processes(), line => line.Contains("postgres -D", StringComparison.Ordinal));
        await Wait.UntilAsync(() => folder.Processes().Count == 0, Soon, () => string.Join('\n', folder.Processes()));
        Assert.Equal("", first.Errors + second.Errors);
    }

    [Fact]
    public async Task Kill_OfTheOnlySilo_StopsPostgresAndTheNextStartHasTheData()
    {
        await using (var killed = await SiloProcess.StartReadyAsync(In(used)))
        {
            await ExecuteAsync(used, "create table kept as select 42 as id");
            killed.Kill();
            Assert.NotEqual(0, await killed.WaitForExitAsync());
        }

        await Wait.UntilAsync(() => used.Processes().Count == 0, Soon, () => string.Join('\n', used.Processes()));

        await using var next = await SiloProcess.StartReadyAsync(In(used));
        Assert.Equal(42, await ExecuteAsync(used, "select id from kept"));
        Assert.Equal(1, await ActiveSilosAsync(used));
    }

    [Fact]
    public async Task Kill_AndStartAtOnce_NeverMeetsAHalfStoppedServer()
    {
        for (var round = 0; round < 2; round++)
        {
            await using var silo = await SiloProcess.StartReadyAsync(In(used));
            silo.Kill();
        }

        await using var last = await SiloProcess.StartReadyAsync(In(used));
        Assert.Equal(1, await ActiveSilosAsync(used));
    }

    [Fact]
    public async Task Start_TwoAtTheSameMoment_BothServeOneCluster()
    {
        await using var folder = new DataFolder();
        // The ports are left to the silos, too.
        var environment = new Dictionary<string, string?>
        {
            ["EVENTFLUX_DATA_DIR"] = folder.Path, ["SILO_PORT"] = null, ["GATEWAY_PORT"] = null,
        };
        await using var one = SiloProcess.Start(environment);
        await using var other = SiloProcess.Start(environment);

        await Task.WhenAll(one.WaitUntilReadyAsync(), other.WaitUntilReadyAsync());

        Assert.Equal(2, await ActiveSilosAsync(folder));
    }

    [Fact]
    public async Task Terminate_WithADrain_IsUnreadyAtOnceServesOnAndExitsZero()
    {
        await using var silo = await SiloProcess.StartReadyAsync(
            new Dictionary<string, string?>(In(used)) { ["SHUTDOWN_DRAIN_SECONDS"] = "2" });

        silo.Terminate();
        await Wait.UntilAsync(
            async () => await silo.ReadinessAsync() == HttpStatusCode.ServiceUnavailable, Soon, () => silo.Output);
        using var live = await silo.Http.GetAsync("/health/live", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.True(live.Headers.ConnectionClose);
        Assert.Equal(0, await silo.WaitForExitAsync());
    }

    [Fact]
    public async Task Ready_DatabaseGone_AnswersUnreadyAndNamesTheCheck()
    {
        await using var folder = new DataFolder();
        var database = await LocalPostgres.StartAsync(
            new LocalPostgresOptions { Directory = folder.Path, Ephemeral = true },
            TestContext.Current.CancellationToken);
        await using var silo = await SiloProcess.StartReadyAsync(new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = database.ConnectionString, ["JWT_SECRET"] = new string('x', 32),
        });

        await database.DisposeAsync();

        await Wait.UntilAsync(
            async () => await silo.ReadinessAsync() == HttpStatusCode.ServiceUnavailable, Soon, () => silo.Output);
        using var answer = await silo.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"database\":\"failing\"", body, StringComparison.Ordinal);
        Assert.Contains("\"silo\":\"ok\"", body, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> In(DataFolder folder) => new() { ["EVENTFLUX_DATA_DIR"] = folder.Path };

    private static async Task<int> ActiveSilosAsync(DataFolder folder) =>
        (int)(long)(await ExecuteAsync(folder, "select count(*) from orleans_silos where status = 3"))!;

    // Joins the silos' server as another silo would.
    private static async Task<object?> ExecuteAsync(DataFolder folder, string sql)
    {
        await using var server = await LocalPostgres.StartAsync(new LocalPostgresOptions { Directory = folder.Path });
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
