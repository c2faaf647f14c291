using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Grains;
using EventFlux.Grains.Events;
using EventFlux.Grains.Maintenance;
using EventFlux.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace EventFlux.Tests.Bookings;

/// <summary>One silo with the grains of events and bookings on real tables.</summary>
internal sealed class EventCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private EventCluster(InProcessTestCluster cluster) => _cluster = cluster;

    public IGrainFactory Grains => _cluster.Client;

    public static async Task<EventCluster> StartAsync(TestDatabase database)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(database.DataSource);
            silo.Services.AddEventFluxGrains(new EventOptions(), new MaintenanceOptions());
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new(cluster);
    }

    public IEventGrain Event(Guid id) => Grains.GetGrain<IEventGrain>(id);

    public IBookingGrain Booking(Guid id) => Grains.GetGrain<IBookingGrain>(id);

    /// <summary>An active event that begins that long from now.</summary>
    public async Task<IEventGrain> CreateEventAsync(int capacity, TimeSpan? ahead = null)
    {
        var created = Event(Guid.NewGuid());
        var details = new EventDetails(
            "A concert", null, "A hall", null, TimeProvider.System.GetUtcNow() + (ahead ?? TimeSpan.FromDays(30)), 12.50m,
            "USD", null, null);
        var outcome = await created.CreateAsync(new(details, capacity, EventStatus.Active, Guid.NewGuid(), "An organiser"));
        Assert.Equal(CreateEventOutcome.Created, outcome);
        return created;
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
