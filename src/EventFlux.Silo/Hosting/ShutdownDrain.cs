namespace EventFlux.Silo.Hosting;

/// <summary>
/// The first step of a stop: the silo turns unready at once and goes on serving for a while, so that balancers take it
/// out before it closes. Runs before anything else stops. Safe to read from any thread.
/// </summary>
internal sealed partial class ShutdownDrain : IHostedLifecycleService, IDisposable
{
    private readonly SiloOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ShutdownDrain> _logger;
    private readonly CancellationTokenRegistration _onStopping;
    private volatile bool _isDraining;

    public ShutdownDrain(
        SiloOptions options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ShutdownDrain> logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        // Told by the signal itself; the host's stop begins a moment later.
        _onStopping = lifetime.ApplicationStopping.Register(() => _isDraining = true);
    }

    public bool IsDraining => _isDraining;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isDraining = true;
        if (_options.ShutdownDrain == TimeSpan.Zero)
            return;
        LogDraining(_options.ShutdownDrain.TotalSeconds);
        await Task.Delay(_options.ShutdownDrain, _time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _onStopping.Dispose();

    [LoggerMessage(LogLevel.Information, "Stopping: unready now, serving on for {Seconds} seconds")]
    private partial void LogDraining(double seconds);
}
