using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Tidy;

namespace EventFlux.Tests.Deploy;

/// <summary>The image's health check by bash alone, against a server that answers as a silo does.</summary>
public sealed class HealthcheckTests
{
    [Theory]
    [InlineData("200 OK", true)]
    [InlineData("503 Service Unavailable", false)]
    public async Task Answer_DecidesAboutHealth(string status, bool healthy)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var request = AnswerOnceAsync(listener, status);

        Assert.Equal(healthy, await RunAsync(((IPEndPoint)listener.LocalEndpoint).Port) == 0);
        Assert.StartsWith("GET /health/ready HTTP/1.1\r\nHost: ", await request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingListens_Unhealthy() => Assert.NotEqual(0, await RunAsync(FreePorts.Next()));

    private static async Task<string> AnswerOnceAsync(TcpListener listener, string status)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        var request = new StringBuilder();
        var buffer = new byte[1024];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            Assert.NotEqual(0, count);
            request.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            TestContext.Current.CancellationToken);
        return request.ToString();
    }

    private static async Task<int> RunAsync(int port)
    {
        var script = Path.Combine(SourceTree.Root, "deploy", "healthcheck.sh");
        var start = new ProcessStartInfo("bash", [script]);
        start.Environment["PORT"] = $"{port}";
        using var check = Process.Start(start)!;
        await check.WaitForExitAsync(TestContext.Current.CancellationToken);
        return check.ExitCode;
    }
}
