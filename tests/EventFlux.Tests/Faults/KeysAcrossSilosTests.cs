using EventFlux.Tests.Api;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Faults;

/// <summary>One <c>Idempotency-Key</c> on two silos of one cluster, both alive or one killed.</summary>
public sealed class KeysAcrossSilosTests(PostgresServer server) : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private SiloGroup _silos = null!;
    private SiloProcess _first = null!;
    private SiloProcess _second = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _silos = new SiloGroup(_database.ConnectionString);
        (_first, _second) = (await _silos.StartAsync(), await _silos.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _silos.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task TwinsOnTwoSilos_AreOneBookingAndOneAnswer()
    {
        var concert = await _silos.CreateEventAsync(_first, capacity: 100);
        for (var round = 0; round < 10; round++)
        {
            var user = Guid.NewGuid();
            var (here, there) = (_silos.User(_first, user), _silos.User(_second, user));

            var twins = await Task.WhenAll(
                Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? here : there).BookAsync(concert, 3, "key")));

            Assert.Single(twins.Select(twin => twin.Is(201).Json.GetRawText()).Distinct());
        }

        Assert.Equal(10, await _database.ScalarAsync<long>("SELECT count(*) FROM bookings"));
        Assert.Equal(30, await _database.ScalarAsync<int>("SELECT booked FROM event_inventory"));
    }

    [Fact]
    public async Task Repeat_AfterTheSiloWasKilled_AnswersTheSameOnAnother()
    {
        var user = Guid.NewGuid();
        var concert = await _silos.CreateEventAsync(_first, capacity: 100);
        var booked = (await _silos.User(_first, user).BookAsync(concert, 3, "key")).Is(201);
        var survivor = _silos.User(_second, user);

        _first.Kill();
        await _first.WaitForExitAsync();

        Assert.Equal(
            booked.Json.GetRawText(), (await survivor.BookAsync(concert, 3, "key")).Is(201).Json.GetRawText());
        // The grains of the killed silo come to life on the other one.
        var cancelled = await Waiting.ForAsync(() => survivor.CancelAsync(booked.Id), answer => answer.Status != 503);
        Assert.Equal("cancelled", cancelled.Is(200).Text("status"));
        var again = (await survivor.BookAsync(concert, 3, "key")).Is(201);
        Assert.Equal(cancelled.Json.GetRawText(), again.Json.GetRawText());
        Assert.Equal(100, await _database.ScalarAsync<int>("SELECT available FROM event_inventory"));
    }
}
