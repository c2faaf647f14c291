using EventFlux.Grains.Events;
using Microsoft.Extensions.Hosting;

namespace EventFlux.Grains.Observability;

/// <summary>Shows the counters from the silo's start on, and not from their first rise.</summary>
internal sealed class MetricsStart(EventMetrics events) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        events.Begin();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
