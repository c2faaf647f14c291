using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EventFlux.Tests.Fixtures;

/// <summary>
/// The built silo as a real process on loopback, to be stopped, killed and frozen by real signals. It runs in
/// Development on free ports unless told otherwise; what it prints is kept. Dispose it always: that kills what still
/// runs.
/// </summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private const string Program = "EventFlux.Silo.dll";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private SiloProcess(Process process, int port, int siloPort)
    {
        _process = process;
        (Port, SiloPort) = (port, siloPort);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>HTTP port.</summary>
    public int Port { get; }

    /// <summary>Where the other silos reach it; 0 when it was left to choose.</summary>
    public int SiloPort { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>A client of this silo alone.</summary>
    public HttpClient Http { get; }

    /// <summary>What it wrote to its standard output so far.</summary>
    public string Output => Read(_output);

    /// <summary>What it wrote to its error stream so far.</summary>
    public string Errors => Read(_errors);

    /// <summary>Starts it and returns at once.</summary>
    /// <param name="environment">Variables on top of the defaults; null removes one.</param>
    /// <param name="arguments">Such as <c>migrate</c>.</param>
    public static SiloProcess Start(
        IReadOnlyDictionary<string, string?>? environment = null, params string[] arguments) =>
        StartProgram(Program, environment, arguments);

    /// <summary>The same for another program that runs a silo.</summary>
    /// <param name="program">Path of an assembly, or the name of one beside this.</param>
    public static SiloProcess StartProgram(
        string program, IReadOnlyDictionary<string, string?>? environment, params string[] arguments)
    {
        var dll = Path.Combine(AppContext.BaseDirectory, program);
        // Another program's silo runs under the settings of the silo's own runtime (its garbage collector, for one).
        var settings = Path.Combine(AppContext.BaseDirectory, Path.ChangeExtension(Program, "runtimeconfig.json"));
        string[] host = Path.GetFileName(program) == Program ? [] : ["exec", "--runtimeconfig", settings];
        var start = new ProcessStartInfo("dotnet", [.. host, dll, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var port = FreePorts.Next();
        Set("ASPNETCORE_ENVIRONMENT", "Development");
        Set("PORT", $"{port}");
        // Thousands of requests come from one address in a test.
        Set("RATE_LIMIT_ENABLED", "false");
        Set("SILO_PORT", $"{FreePorts.Next()}");
        Set("GATEWAY_PORT", $"{FreePorts.Next()}");
        string[] unset =
        [
            "DATABASE_URL", "MIGRATION_DATABASE_URL", "JWT_SECRET", "EVENTFLUX_DATA_DIR", "CLUSTER_ID", "METRICS_PORT",
            "OTEL_EXPORTER_OTLP_ENDPOINT", "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS",
        ];
        foreach (var name in unset)
            Set(name, null);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            Set(name, value);
        if (int.TryParse(start.Environment["PORT"], out var chosen))
            port = chosen;

        _ = int.TryParse(start.Environment.TryGetValue("SILO_PORT", out var told) ? told : null, out var siloPort);
        var silo = new SiloProcess(new Process { StartInfo = start }, port, siloPort);
        silo.Run();
        return silo;

        void Set(string name, string? value)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }
    }

    /// <summary>Starts it on a database and waits until it is ready.</summary>
    public static Task<SiloProcess> StartReadyAsync(IReadOnlyDictionary<string, string?> environment) =>
        StartReadyAsync(environment, Program);

    /// <summary>The same for another program that runs a silo.</summary>
    /// <param name="program">Path of an assembly, or the name of one beside this.</param>
    public static async Task<SiloProcess> StartReadyAsync(
        IReadOnlyDictionary<string, string?> environment, string program, params string[] arguments)
    {
        var silo = StartProgram(program, environment, arguments);
        try
        {
            await silo.WaitUntilReadyAsync();
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until <c>/health/ready</c> answers 200.</summary>
    /// <exception cref="InvalidOperationException">It ended, or was not ready in time; with its output.</exception>
    public async Task WaitUntilReadyAsync()
    {
        await Wait.UntilAsync(
            async () => _process.HasExited || await ReadinessAsync() == HttpStatusCode.OK, Patience,
            () => $"The silo was not ready in time.\n{Output}\n{Errors}");
        if (_process.HasExited)
            throw new InvalidOperationException(
                $"The silo ended with {await WaitForExitAsync()}.\n{Output}\n{Errors}");
    }

    /// <summary>Status of <c>/health/ready</c>; null while nothing answers.</summary>
    public async Task<HttpStatusCode?> ReadinessAsync()
    {
        try
        {
            using var answer = await Http.GetAsync("/health/ready");
            return answer.StatusCode;
        }
        catch (Exception silent) when (silent
            is HttpRequestException or SocketException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Asks it to stop (SIGTERM). The host does the same at Ctrl-C, but a run in a shell's background inherits
    /// that SIGINT is ignored, so tests can't rely on it.</summary>
    public void Terminate() => Signal(ProcessSignals.Terminate);

    /// <summary>Kills it with no chance to tidy up (SIGKILL).</summary>
    public void Kill() => Signal(ProcessSignals.Kill);

    /// <summary>Freezes it (SIGSTOP) until <see cref="Thaw"/>.</summary>
    public void Freeze() => Signal(ProcessSignals.Freeze);

    /// <summary>Lets a frozen one go on (SIGCONT).</summary>
    public void Thaw() => Signal(ProcessSignals.Thaw);

    /// <summary>Waits for the end, all output included.</summary>
    /// <returns>The exit code; 128 + the signal's number for one that was killed.</returns>
    public async Task<int> WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
            await WaitForExitAsync();
        }

        _process.Dispose();
        Http.Dispose();
    }

    private void Run()
    {
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Signal(Action<int> send)
    {
        if (!_process.HasExited)
            send(_process.Id);
    }

    private static void Keep(StringBuilder text, string? line)
    {
        lock (text)
        {
            if (line is not null)
                text.AppendLine(line);
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
