using System.Diagnostics.Metrics;
using EventFlux.Grains.Observability;

namespace EventFlux.Silo.Observability;

/// <summary>The requests that this silo has under way, as a number that is read when it is asked for.</summary>
internal sealed class RequestMetrics : IHostedService
{
    public RequestMetrics(IMeterFactory meters, RequestFigures figures) =>
        meters.Create(MetricNames.Meter).CreateObservableUpDownCounter(
            MetricNames.RequestsUnderWay, () => figures.UnderWay, "{request}",
            "Requests that the silo is answering; past MAX_CONCURRENT_REQUESTS it turns clients away.");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
