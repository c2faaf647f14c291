using System.Diagnostics;
using System.Text.Json;
using EventFlux.Tests.Api;
using EventFlux.Tests.Faults;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Observability;

/// <summary>Any silo answers for all of them, whatever has happened to the others.</summary>
[Collection(typeof(Alone))]
public sealed class ClusterHealthTests(PostgresServer server) : SiloGroupTest(server)
{
    /// <summary>A second of patience, and a busy machine.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task ThreeSilos_OneFrozenThenKilled_AreToldByEachOther()
    {
        var silos = new[] { await Silos.StartAsync(), await Silos.StartAsync(), await Silos.StartAsync() };
        await AwaitAsync(silos[0], health => Members(health).Count(Answers) == 3);
        var asked = 0;
        foreach (var silo in silos)
        {
            for (var i = 0; i < 10; i++, asked++) (await Silos.User(silo).GetAsync("/api/bookings")).Is(200);
            // What looks at a silo changes nothing about it.
            await Scrape.ReadAsync(silo.Http);
        }

        await AwaitAsync(silos[0], health => Count(health) == asked);
        var reports = await Task.WhenAll(silos.Select(HealthAsync));
        foreach (var report in reports)
        {
            Assert.Equal("ok", report.Text("status"));
            Assert.Equal(asked, Count(report));
            Assert.Equal([10, 10, 10], Members(report).Select(CountOf));
            Assert.All(Members(report), member => Assert.Equal("active", member.GetProperty("status").GetString()));
            Assert.All(Members(report), member => Assert.True(
                member.GetProperty("since").GetDateTimeOffset() < TimeProvider.System.GetUtcNow()));
            AssertFigures(report.Json);
        }

        var frozen = Address(silos[2]);
        silos[2].Freeze();
        var missed = await AwaitAsync(silos[0], health => !Answers(Member(health, frozen)));
        Assert.Equal("active", Member(missed, frozen).GetProperty("status").GetString());
        Assert.Equal("degraded", missed.Text("status"));
        Assert.Equal(JsonValueKind.Null, Member(missed, frozen).GetProperty("process").ValueKind);
        Assert.Equal(20, Count(missed));

        silos[2].Kill();
        foreach (var silo in silos[..2])
        {
            var dead = await AwaitAsync(
                silo, health => Member(health, frozen).GetProperty("status").GetString() == "dead");
            Assert.Equal("ok", dead.Text("status"));
            Assert.Equal(2, Members(dead).Count(Answers));
        }
    }

    [Fact]
    public async Task DatabaseAway_IsToldQuickly_AndSoIsTheRest()
    {
        var proxy = new PostgresProxy(new Npgsql.NpgsqlConnectionStringBuilder(Database.ConnectionString).Port);
        await using var group = new SiloGroup(SiloGroup.Through(proxy.Port, Database.ConnectionString));
        var silo = await group.StartAsync();
        var admin = group.Admin(silo);
        Assert.Equal("ok", (await admin.GetAsync("/api/admin/health")).Is(200).Text("status"));

        var began = Stopwatch.StartNew();
        await proxy.DisposeAsync();
        ApiAnswer? health = null;
        await Wait.UntilAsync(
            async () => (health = (await admin.GetAsync("/api/admin/health")).Is(200)).Text("status") == "degraded",
            TimeSpan.FromSeconds(20), () => $"still {health}");

        var database = health!.Json.GetProperty("database");
        Assert.Equal("unreachable", database.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, database.GetProperty("latency_ms").ValueKind);
        Assert.True(Answers(Assert.Single(Members(health))));
        Assert.True(began.Elapsed < TimeSpan.FromSeconds(10), $"{began.Elapsed}");
    }

    [Fact]
    public async Task Health_IsForAdminsAlone()
    {
        var silo = await Silos.StartAsync();

        (await Silos.User(silo).GetAsync("/api/admin/health")).IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
        (await new ApiCaller(silo.Http, Guid.Empty, null).GetAsync("/api/admin/health"))
            .IsRefusal(401, "MISSING_TOKEN");
        var answer = (await Silos.Admin(silo).GetAsync("/api/admin/health")).Is(200);
        Assert.False(answer.Headers.Contains("RateLimit-Limit"));
    }

    private async Task<ApiAnswer> HealthAsync(SiloProcess silo)
    {
        var began = Stopwatch.StartNew();
        var answer = (await Silos.Admin(silo).GetAsync("/api/admin/health")).Is(200);
        Assert.True(began.Elapsed < Quick, $"It took {began.Elapsed}.");
        return answer;
    }

    private async Task<ApiAnswer> AwaitAsync(SiloProcess silo, Func<ApiAnswer, bool> isSo)
    {
        ApiAnswer? health = null;
        await Wait.UntilAsync(
            async () => isSo(health = await HealthAsync(silo)), TimeSpan.FromSeconds(40), () => $"still {health}");
        return health!;
    }

    private static void AssertFigures(JsonElement report)
    {
        Assert.True(report.GetProperty("database").GetProperty("latency_ms").GetDecimal() > 0);
        var process = report.GetProperty("process");
        Assert.True(process.GetProperty("memory_bytes").GetInt64() > 10_000_000);
        Assert.InRange(process.GetProperty("uptime_seconds").GetInt64(), 1, 600);
        Assert.InRange(process.GetProperty("cpu_percent").GetDecimal(), 0, 100);
        Assert.InRange(process.GetProperty("version").GetString()!.Length, 1, 20);
        var requests = report.GetProperty("requests");
        var (p50, p99) = (requests.GetProperty("p50_ms").GetDecimal(), requests.GetProperty("p99_ms").GetDecimal());
        Assert.True(p50 > 0 && p99 >= p50, $"{p50} {p99}");
        Assert.Equal(0, requests.GetProperty("error_rate").GetDecimal());
    }

    /// <summary>The silo's own port tells it from the others.</summary>
    private static string Address(SiloProcess silo) => $"127.0.0.1:{silo.SiloPort}@";

    private static JsonElement Member(ApiAnswer health, string address) => Members(health).Single(
        member => member.GetProperty("address").GetString()!.StartsWith(address, StringComparison.Ordinal));

    private static JsonElement[] Members(ApiAnswer health) =>
        [.. health.Json.GetProperty("cluster").EnumerateArray()];

    private static bool Answers(JsonElement member) => member.GetProperty("answers").GetBoolean();

    private static int Count(ApiAnswer health) => CountOf(health.Json);

    private static int CountOf(JsonElement element) =>
        element.GetProperty("requests").GetProperty("count").GetInt32();
}
