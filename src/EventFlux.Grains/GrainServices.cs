using EventFlux.Grains.Events;
using EventFlux.Grains.Maintenance;
using EventFlux.Grains.Observability;
using EventFlux.Grains.Storage;
using EventFlux.Grains.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace EventFlux.Grains;

/// <summary>What the grains need from their silo.</summary>
public static class GrainServices
{
    /// <summary>Registers what the grains are built from. The caller provides the <c>NpgsqlDataSource</c>, and a
    /// <see cref="TimeProvider"/> if it is not the system's.</summary>
    public static IServiceCollection AddEventFluxGrains(
        this IServiceCollection services, EventOptions events, MaintenanceOptions maintenance)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(events);
        services.AddSingleton(maintenance);
        services.AddMetrics();
        services.AddSingleton(provider => new EventStore(
            provider.GetKeyedService<NpgsqlDataSource>(EventStore.Pool)
            ?? provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<Database>()));
        services.AddSingleton(typeof(GrainsById<>));
        services.AddSingleton<Database>();
        services.AddSingleton<EventQueries>();
        services.AddSingleton<BookingQueries>();
        services.AddSingleton<WaitlistQueries>();
        services.AddSingleton<HoldQueries>();
        services.AddSingleton<SeatQueries>();
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton<MaintenanceQueries>();
        services.AddSingleton<AuditQueries>();
        services.AddSingleton<SalesPulseQueries>();
        services.AddSingleton<AnalyticsQueries>();
        services.AddSingleton<DashboardQueries>();
        services.AddSingleton<BriefReports>();
        services.AddSingleton<AdminUserQueries>();
        services.AddSingleton<BookingExports>();
        services.AddSingleton<EventMetrics>();
        services.AddSingleton<MaintenanceMetrics>();
        services.AddHostedService<MetricsStart>();
        services.AddUsers();
        return services;
    }
}
