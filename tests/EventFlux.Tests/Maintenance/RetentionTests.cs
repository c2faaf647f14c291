using EventFlux.Contracts;
using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Grains.Maintenance;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Storage;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Maintenance;

/// <summary>What is removed and what is kept, in pages smaller than what is due.</summary>
public sealed class RetentionTests(PostgresServer server) : IAsyncLifetime
{
    private readonly HeldClock _time = new(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private TestDatabase _database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await server.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task OldCancelledBookings_GoWithTheirKeys_AndTheBooksStay()
    {
        await using var cluster = await StartAsync(TimeSpan.FromDays(30));
        await CancelledBookingsAsync(cluster, 5);
        _time.Advance(TimeSpan.FromDays(29));
        await CancelledBookingsAsync(cluster, 1);
        _time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));

        var run = (await cluster.Maintenance.RunAsync(Token)).Single(job => job.Job == "remove-cancelled-bookings");

        Assert.Equal((5, 0, null), (run.Processed, run.Failed, run.Error));
        Assert.Equal(1, await _database.ScalarAsync<long>("SELECT count(*) FROM bookings"));
        Assert.Equal(1, await _database.ScalarAsync<long>("SELECT count(*) FROM idempotency_keys"));
        Assert.Equal(6, await _database.ScalarAsync<long>("SELECT sum(cancellations) FROM booking_analytics"));
        Assert.Equal(5, await _database.ScalarAsync<long>("SELECT sum(cancellations) FROM removed_analytics"));
        await VerifiedDatabase.AssertNoDifferenceAsync(_database.DataSource);
    }

    [Fact]
    public async Task EndedHolds_GoAfterTheirKeys_AndOpenOnesStay()
    {
        await using var cluster = await StartAsync(TimeSpan.FromDays(30));
        var concert = await CancelledBookingsAsync(cluster, 0);
        var claim = new IdempotencyClaim("key", new byte[32]);
        var user = Guid.NewGuid();
        var ended = await concert.HoldAsync(new(user, 1, Claim: claim), Token);
        await concert.ReleaseHoldAsync(user, ended.Hold!.Id, Token);
        _time.Advance(TimeSpan.FromDays(3));
        var open = await concert.HoldAsync(new(Guid.NewGuid(), 1), Token);

        var runs = await cluster.Maintenance.RunAsync(Token);

        Assert.Equal(1, runs.Single(job => job.Job == "remove-ended-holds").Processed);
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM idempotency_keys"));
        Assert.Equal(open.Hold!.Id, await _database.ScalarAsync<Guid>("SELECT id FROM holds"));
    }

    [Fact]
    public async Task HoldPastItsEnd_IsEndedByTheSweep()
    {
        await using var cluster = await StartAsync(TimeSpan.FromDays(30));
        var concert = await CancelledBookingsAsync(cluster, 0);
        await concert.HoldAsync(new(Guid.NewGuid(), 2), Token);
        await cluster.DeactivateAsync(concert);
        _time.Advance(TimeSpan.FromMinutes(11));

        await cluster.Maintenance.RunAsync(Token);

        Assert.Equal("expired", await _database.ScalarAsync<string>("SELECT status FROM holds"));
        Assert.Equal(0, await _database.ScalarAsync<int>("SELECT held FROM event_inventory"));
    }

    [Fact]
    public async Task EventWhoseBookingsAreAllRemoved_KeepsItsCurrency()
    {
        await using var cluster = await StartAsync(TimeSpan.FromDays(30));
        var sold = await CancelledBookingsAsync(cluster, 1);
        var unsold = await CancelledBookingsAsync(cluster, 0);
        _time.Advance(TimeSpan.FromDays(31));
        await cluster.Maintenance.RunAsync(Token);
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM bookings"));
        await cluster.DeactivateAsync(sold);
        await cluster.DeactivateAsync(unsold);

        var inEuro = new UpdateEvent(new() { Currency = "EUR" });
        Assert.Equal(UpdateEventOutcome.CurrencyInUse, (await sold.UpdateAsync(inEuro, Token)).Outcome);
        Assert.Equal(UpdateEventOutcome.Updated, (await unsold.UpdateAsync(inEuro, Token)).Outcome);
    }

    [Fact]
    public async Task WithoutRetention_NothingIsRemoved()
    {
        await using var cluster = await StartAsync(retention: null);
        await CancelledBookingsAsync(cluster, 3);
        _time.Advance(TimeSpan.FromDays(4000));

        await cluster.Maintenance.RunAsync(Token);

        Assert.Equal(3, await _database.ScalarAsync<long>("SELECT count(*) FROM bookings"));
    }

    [Fact]
    public async Task KeysAndFacts_AreKeptTheirTime_AndNoLonger()
    {
        await using var cluster = await StartAsync(retention: null);
        await CancelledBookingsAsync(cluster, 3);

        _time.Advance(TimeSpan.FromHours(24));
        await cluster.Maintenance.RunAsync(Token);
        Assert.Equal(3, await _database.ScalarAsync<long>("SELECT count(*) FROM idempotency_keys"));

        _time.Advance(TimeSpan.FromHours(25));
        await cluster.Maintenance.RunAsync(Token);
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM idempotency_keys"));
        Assert.NotEqual(0, await _database.ScalarAsync<long>("SELECT count(*) FROM outbox"));

        _time.Advance(TimeSpan.FromDays(30));
        await cluster.Maintenance.RunAsync(Token);
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM outbox"));
    }

    [Fact]
    public async Task LastRuns_CanBeRead()
    {
        await using var cluster = await StartAsync(retention: null);
        Assert.Empty(await cluster.Maintenance.GetLastRunsAsync());

        await cluster.Maintenance.RunAsync(Token);

        var runs = await cluster.Maintenance.GetLastRunsAsync();
        Assert.Equal(9, runs.Count);
        Assert.All(runs, run => Assert.Equal((_time.GetUtcNow(), null), (run.StartedAt, run.Error)));
    }

    private Task<EventCluster> StartAsync(TimeSpan? retention) => EventCluster.StartAsync(
        _database, _time,
        maintenance: new MaintenanceOptions { CancelledBookingRetention = retention, PageSize = 2 });

    private static async Task<IEventGrain> CancelledBookingsAsync(EventCluster cluster, int bookings)
    {
        var concert = await cluster.CreateEventAsync(capacity: 10, TimeSpan.FromDays(100));
        for (var i = 0; i < bookings; i++)
        {
            var user = Guid.NewGuid();
            var claim = new IdempotencyClaim($"key-{i}", new byte[32]);
            var booked = await concert.BookAsync(new BookTickets(user, 1, claim), Token);
            await cluster.Booking(booked.Booking!.Id).CancelAsync(new(user, AsAdmin: false), Token);
        }

        return concert;
    }
}
