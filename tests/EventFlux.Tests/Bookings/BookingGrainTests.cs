using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Waitlist;
using EventFlux.Grains.Storage;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Bookings;

/// <summary>A booking's grain with its event, on a real PostgreSQL.</summary>
public sealed class BookingGrainTests(PostgresServer server) : EventClusterTest(server)
{
    private const string GrainType = "EventFlux.Grains.Bookings.BookingGrain";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Guid _user = Guid.NewGuid();

    [Fact]
    public async Task Cancel_ByTheOwner_IsInTheDatabaseWithTheTickets()
    {
        var concert = await Cluster.CreateEventAsync(capacity: 10);
        var booking = await BookAsync(concert, quantity: 3);

        Assert.Equal(CancelBookingOutcome.Cancelled, await CancelAsync(booking));

        Assert.Equal("cancelled", await StatusAsync(booking.Id));
        Assert.Equal(10, await Database.ScalarAsync<int>("SELECT available FROM event_inventory"));
        Assert.Equal(37.50m, await Database.ScalarAsync<decimal>("SELECT refunded FROM booking_analytics"));
    }

    [Fact]
    public async Task CancelAndShow_ShowsTheRow_AlsoToWhoComesLater()
    {
        var booking = await BookAsync(await Cluster.CreateEventAsync(capacity: 10), quantity: 3);
        var command = new CancelBooking(_user, AsAdmin: false);

        var cancelled = await Cluster.Booking(booking.Id).CancelAndShowAsync(command, Token);
        var later = await Cluster.Booking(booking.Id).CancelAndShowAsync(command, Token);

        var row = await new BookingQueries(new Database(Database.DataSource)).FindAsync(booking.Id, Token);
        Assert.Equal(BookingStatus.Cancelled, row!.Status);
        Assert.Equal(new(CancelBookingOutcome.Cancelled, row), cancelled);
        Assert.Equal(new(CancelBookingOutcome.AlreadyCancelled, row), later);
    }

    [Fact]
    public async Task CancelAndShow_Refused_ShowsNothing()
    {
        var booking = await BookAsync(await Cluster.CreateEventAsync(10, TimeSpan.FromHours(23.9)), quantity: 3);
        var grain = Cluster.Booking(booking.Id);

        Assert.Equal(
            new(CancelBookingOutcome.BookingNotFound),
            await grain.CancelAndShowAsync(new(Guid.NewGuid(), AsAdmin: false), Token));
        Assert.Equal(
            new(CancelBookingOutcome.DeadlinePassed),
            await grain.CancelAndShowAsync(new(_user, AsAdmin: false), Token));
    }

    [Fact]
    public async Task Cancel_ByAnybodyElse_FindsNoBooking()
    {
        var booking = await BookAsync(await Cluster.CreateEventAsync(capacity: 10), quantity: 3);

        var outcome = await Cluster.Booking(booking.Id).CancelAsync(new(Guid.NewGuid(), AsAdmin: false), Token);

        Assert.Equal(CancelBookingOutcome.BookingNotFound, outcome);
        Assert.Equal("confirmed", await StatusAsync(booking.Id));
    }

    [Theory]
    [InlineData(false, CancelBookingOutcome.DeadlinePassed, "confirmed")]
    [InlineData(true, CancelBookingOutcome.Cancelled, "cancelled")]
    public async Task Cancel_WithinADayOfTheEvent_IsForAdmins(
        bool asAdmin, CancelBookingOutcome expected, string status)
    {
        var booking = await BookAsync(await Cluster.CreateEventAsync(10, TimeSpan.FromHours(23.9)), quantity: 1);

        var outcome = await Cluster.Booking(booking.Id)
            .CancelAsync(new(asAdmin ? Guid.NewGuid() : _user, asAdmin), Token);

        Assert.Equal(expected, outcome);
        Assert.Equal(status, await StatusAsync(booking.Id));
    }

    [Fact]
    public async Task Cancel_ManyTimesAtOnce_CancelsOnce()
    {
        var booking = await BookAsync(await Cluster.CreateEventAsync(capacity: 10), quantity: 2);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CancelAsync(booking)));

        Assert.Single(outcomes, CancelBookingOutcome.Cancelled);
        Assert.Equal(19, outcomes.Count(outcome => outcome == CancelBookingOutcome.AlreadyCancelled));
        Assert.Equal(1, await Database.ScalarAsync<int>("SELECT cancellations FROM booking_analytics"));
        Assert.Equal(10, await Database.ScalarAsync<int>("SELECT available FROM event_inventory"));
    }

    [Fact]
    public async Task Cancel_AfterTheEventCancelledItsBookings_SaysSo()
    {
        var concert = await Cluster.CreateEventAsync(capacity: 10);
        var booking = await BookAsync(concert, quantity: 2);
        // The booking's grain is in memory from here on, and what it saw was confirmed.
        await Cluster.Booking(booking.Id).CancelAsync(new(Guid.NewGuid(), AsAdmin: false), Token);

        await concert.UpdateAsync(new(new EventPatch { Status = EventStatus.Cancelled }), Token);

        Assert.Equal(CancelBookingOutcome.AlreadyCancelled, await CancelAsync(booking));
        Assert.Equal(1, await Database.ScalarAsync<int>("SELECT cancellations FROM booking_analytics"));
    }

    [Fact]
    public async Task Cancel_OfACancelledBooking_LeavesTheUsersNewOneAlone()
    {
        var concert = await Cluster.CreateEventAsync(capacity: 10);
        var first = await BookAsync(concert, quantity: 2);
        await CancelAsync(first);
        var second = await BookAsync(concert, quantity: 4);

        Assert.Equal(CancelBookingOutcome.AlreadyCancelled, await CancelAsync(first));

        Assert.Equal("confirmed", await StatusAsync(second.Id));
        Assert.Equal(4, await Database.ScalarAsync<int>("SELECT booked FROM event_inventory"));
    }

    [Fact]
    public async Task Cancel_WithSomebodyWaiting_NeverFreesTheTicketsInBetween()
    {
        var concert = await Cluster.CreateEventAsync(capacity: 2);
        var booking = await BookAsync(concert, quantity: 2);
        var waiting = await concert.JoinWaitlistAsync(new(Guid.NewGuid(), 2), Token);
        Assert.Equal(JoinWaitlistOutcome.Joined, waiting.Outcome);
        var version = await Database.ScalarAsync<long>("SELECT version FROM event_inventory");

        await CancelAsync(booking);

        Assert.Equal(version + 1, await Database.ScalarAsync<long>("SELECT version FROM event_inventory"));
        Assert.Equal((0, 2), (await Database.ScalarAsync<int>("SELECT available FROM event_inventory"),
            await Database.ScalarAsync<int>("SELECT held FROM event_inventory")));
        Assert.Equal("notified", await Database.ScalarAsync<string>("SELECT status FROM waitlist_entries"));
    }

    [Fact]
    public async Task Cancel_OfAMadeUpId_LeavesNothingInMemory()
    {
        var kept = await BookAsync(await Cluster.CreateEventAsync(capacity: 10), quantity: 1);
        await Cluster.Booking(kept.Id).CancelAsync(new(Guid.NewGuid(), AsAdmin: false), Token);

        for (var i = 0; i < 50; i++)
        {
            var outcome = await Cluster.Booking(Guid.NewGuid()).CancelAsync(new(_user, AsAdmin: true), Token);
            Assert.Equal(CancelBookingOutcome.BookingNotFound, outcome);
        }

        // The one that exists shows that activations are seen at all.
        await WaitUntilAsync(async () => await ActivationsAsync() == 1);
    }

    private async Task<BookingSnapshot> BookAsync(IEventGrain concert, int quantity)
    {
        var result = await concert.BookAsync(new(_user, quantity), Token);
        Assert.Equal(BookOutcome.Confirmed, result.Outcome);
        return result.Booking!;
    }

    private Task<CancelBookingOutcome> CancelAsync(BookingSnapshot booking) =>
        Cluster.Booking(booking.Id).CancelAsync(new(_user, AsAdmin: false), Token);

    private async Task<int> ActivationsAsync()
    {
        var management = Cluster.Grains.GetGrain<IManagementGrain>(0);
        var counts = await management.GetSimpleGrainStatistics();
        return counts.Where(count => count.GrainType.StartsWith(GrainType, StringComparison.Ordinal))
            .Sum(count => count.ActivationCount);
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> condition)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (!await condition()) await Task.Delay(50, timeout.Token);
    }

    private Task<string> StatusAsync(Guid bookingId) =>
        Database.ScalarAsync<string>("SELECT status FROM bookings WHERE id = $1", bookingId);
}
