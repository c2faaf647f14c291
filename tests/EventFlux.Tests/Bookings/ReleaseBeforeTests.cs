using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Grains.Storage;
using EventFlux.Silo.Api;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Bookings;

/// <summary>Buying and cancelling while silos of the release before still run, which lack the newer methods.</summary>
public sealed class ReleaseBeforeTests(PostgresServer server)
{
    private readonly CurrentUser _user = new(Guid.NewGuid(), "ada@example.org", IsAdmin: false);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancel_OfAnEventThatIsThere_ShowsTheRow()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var cluster = await EventCluster.StartAsync(
            database, unknown: nameof(IEventGrain.TakeTicketsBackAsync));
        var id = await BookAsync(cluster);
        var cancelling = new BookingCancelling(new(cluster.Grains), TimeProvider.System);

        var (booking, problem) = await cancelling.CancelAsync(id, _user, by: null, Token);

        Assert.Null(problem);
        Assert.Equal(BookingStatus.Cancelled, booking!.Status);
        Assert.Equal(await new BookingQueries(new Database(database.DataSource)).FindAsync(id, Token), booking);
        Assert.Equal(
            CancelBookingOutcome.AlreadyCancelled, await cluster.Booking(id).CancelAsync(new(_user.Id, false), Token));
    }

    [Fact]
    public async Task Cancel_OfABookingThatIsThere_IsDoneAndLeftToBeRead()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var cluster = await EventCluster.StartAsync(
            database, unknown: nameof(IBookingGrain.CancelAndShowAsync));
        var id = await BookAsync(cluster);
        var cancelling = new BookingCancelling(new(cluster.Grains), TimeProvider.System);

        Assert.Equal((null, null), await cancelling.CancelAsync(id, _user, by: null, Token));
        var (_, again) = await cancelling.CancelAsync(id, _user, by: null, Token);

        Assert.Equal(Silo.Api.ErrorCode.BookingAlreadyCancelled, again!.Code);
    }

    [Fact]
    public async Task ManyAtOnce_ForAnEventThatIsThere_AreAskedOneByOne()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var cluster = await EventCluster.StartAsync(
            database, unknown: nameof(IEventGrain.BookAllAsync));
        var concert = await cluster.CreateEventAsync(capacity: 30);
        var calls = new EventCalls(new(cluster.Grains));

        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(
            _ => calls.BookAsync(concert.GetPrimaryKey(), new(Guid.NewGuid(), 1))));

        Assert.Equal(30, results.Count(result => result.Outcome == BookOutcome.Confirmed));
        Assert.Equal(10, results.Count(result => result.Outcome == BookOutcome.InsufficientAvailability));
    }

    private async Task<Guid> BookAsync(EventCluster cluster)
    {
        var concert = await cluster.CreateEventAsync(capacity: 10);
        return (await concert.BookAsync(new(_user.Id, 1), Token)).Booking!.Id;
    }
}
