using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Chaos;

/// <summary>One place of the cluster: a silo that may be killed and started again at the same addresses, and the
/// connections of those who call it. Its faults are driven by one caller; the rest is safe for concurrent
/// use.</summary>
internal sealed class ChaosNode(string name, Dictionary<string, string?> environment) : IAsyncDisposable
{
    private const string RequestFailed =
        "\"LogLevel\":\"Error\",\"Category\":\"EventFlux.Silo.Api.ApiExceptionHandler\"";

    private readonly Dictionary<string, string?> _environment = new(environment)
    {
        ["PORT"] = $"{FreePorts.Next()}",
        ["SILO_PORT"] = $"{FreePorts.Next()}",
        ["GATEWAY_PORT"] = $"{FreePorts.Next()}",
    };

    private SiloProcess? _silo;

    public string Name => name;

    /// <summary>The silo that runs there now.</summary>
    public SiloProcess Silo => _silo ?? throw new InvalidOperationException($"{name} was never started.");

    /// <summary>Whether the last look found it ready. Kept by <see cref="ChaosCluster"/>.</summary>
    public volatile bool IsReady;

    /// <summary>Lasts through restarts, as a balancer's connections do.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(1), UseCookies = false, UseProxy = false, AllowAutoRedirect = false,
    })
    {
        Timeout = TimeSpan.FromSeconds(15),
    };

    /// <summary>The errors that requests met in all silos that ran there and have ended, as they logged them.</summary>
    public List<string> LoggedErrors { get; } = [];

    /// <summary>Starts it, or starts it again after its end, and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        if (_silo is not null)
        {
            await _silo.WaitForExitAsync();
            await EndAsync(_silo);
        }

        _silo = SiloProcess.Start(_environment);
        Http.BaseAddress ??= new Uri($"http://127.0.0.1:{_silo.Port}");
        await _silo.WaitUntilReadyAsync();
        IsReady = true;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Http.Dispose();
    }

    /// <summary>Ends the silo for good.</summary>
    public async Task StopAsync()
    {
        if (_silo is not null) await EndAsync(_silo);
        _silo = null;
    }

    private async Task EndAsync(SiloProcess silo)
    {
        await silo.DisposeAsync();
        LoggedErrors.AddRange(
            silo.Output.Split('\n').Where(line => line.Contains(RequestFailed, StringComparison.Ordinal)));
    }
}
