using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Maintenance;
using EventFlux.Grains;
using EventFlux.Grains.Events;
using EventFlux.Grains.Maintenance;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace EventFlux.Tests.Fixtures;

/// <summary>One silo with the grains of events and bookings on real tables.</summary>
internal sealed class EventCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private EventCluster(InProcessTestCluster cluster) => _cluster = cluster;

    public IGrainFactory Grains => _cluster.Client;

    /// <param name="time">What the grains take for now; the real time when left out.</param>
    /// <param name="unknown">Methods that the silo is to answer for as one of a release that doesn't have them.</param>
    public static async Task<EventCluster> StartAsync(
        TestDatabase database, HeldClock? time = null, EventOptions? events = null,
        MaintenanceOptions? maintenance = null, params string[] unknown)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(database.DataSource);
            if (time is not null)
            {
                silo.Services.AddSingleton<TimeProvider>(time);
                // The cluster itself lives in real time.
                silo.Services.AddKeyedSingleton("Orleans.Membership", TimeProvider.System);
                silo.Services.AddKeyedSingleton("Orleans.Reminders", TimeProvider.System);
            }

            silo.Services.AddEventFluxGrains(events ?? new EventOptions(), maintenance ?? new MaintenanceOptions());
            silo.AddIncomingGrainCallFilter(call => unknown.Contains(call.MethodName)
                ? throw new TypeLoadException($"Unable to resolve type alias of {call.MethodName}.")
                : call.Invoke());
            silo.UseInMemoryReminderService();
            silo.AddMemoryGrainStorageAsDefault();
        });
        // On a busy machine the client may look before the silo is in the table.
        builder.ConfigureClient(client => client.UseConnectionRetryFilter(async (_, token) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), token);
            return true;
        }));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new(cluster);
    }

    public IEventGrain Event(Guid id) => Grains.GetGrain<IEventGrain>(id);

    public IBookingGrain Booking(Guid id) => Grains.GetGrain<IBookingGrain>(id);

    public IMaintenanceGrain Maintenance => Grains.GetGrain<IMaintenanceGrain>(IMaintenanceGrain.Key);

    /// <summary>An active event that begins that long from now.</summary>
    public async Task<IEventGrain> CreateEventAsync(int capacity, TimeSpan? ahead = null)
    {
        var created = Event(Guid.NewGuid());
        var now = _cluster.GetSiloServiceProvider().GetRequiredService<TimeProvider>().GetUtcNow();
        var details = new EventDetails(
            "A concert", null, "A hall", null, now + (ahead ?? TimeSpan.FromDays(30)), 12.50m, "USD", null, null);
        var outcome = await created.CreateAsync(
            new(details, capacity, EventStatus.Active, Guid.NewGuid(), "An organiser"));
        Assert.Equal(CreateEventOutcome.Created, outcome);
        return created;
    }

    /// <summary>Takes a grain out of memory, its timers with it.</summary>
    public Task DeactivateAsync(IAddressable grain) => _cluster.DeactivateAsync(grain);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
