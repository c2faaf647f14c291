using System.Net;
using EventFlux.Tests.Faults;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Observability;

/// <summary>Metrics on a port of their own are there and nowhere else, and nothing else is there.</summary>
public sealed class MetricsPortTests(PostgresServer server) : SiloGroupTest(server)
{
    [Fact]
    public async Task MetricsPort_HasMetricsAlone()
    {
        var port = FreePorts.Next();
        var silo = await Silos.StartAsync(environment: [("METRICS_PORT", $"{port}")]);
        using var metrics = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };

        Assert.Contains("eventflux_bookings_accepted_total", (await Scrape.ReadAsync(metrics)).Names);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(silo.Http, "/metrics"));
        foreach (var path in (string[])["/", "/api/events", "/health/live", "/health/ready", "/docs"])
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(metrics, path));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(silo.Http, path));
        }

        // Who claims in the Host header to have come to the other port is not believed.
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(silo.Http, "/metrics", $"127.0.0.1:{port}"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(metrics, "/api/events", $"127.0.0.1:{silo.Port}"));
    }

    [Fact]
    public async Task MetricsPort_InUse_IsOneClearLine()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Any, FreePorts.Next());
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var silo = SiloProcess.Start(new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = Database.ConnectionString,
            ["METRICS_PORT"] = $"{port}",
        });

        Assert.NotEqual(0, await silo.WaitForExitAsync());
        Assert.Contains($"Port {port} is in use", silo.Errors, StringComparison.Ordinal);
        Assert.Contains("METRICS_PORT", silo.Errors, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
