using EventFlux.Contracts.Maintenance;

namespace EventFlux.Silo.Hosting;

/// <summary>Makes sure that the minute reminder exists, from every silo that starts; the first to come registers
/// it.</summary>
internal sealed partial class MaintenanceSchedule(
    IGrainFactory grains, TimeProvider time, ILogger<MaintenanceSchedule> logger) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<IMaintenanceGrain>(IMaintenanceGrain.Key).ScheduleAsync();
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Without it nothing that is due would be found on silos that are asleep: keep trying.
                LogNotScheduled(exception);
                await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The clock work could not be scheduled; trying again")]
    private partial void LogNotScheduled(Exception exception);
}
