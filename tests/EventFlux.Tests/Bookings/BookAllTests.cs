using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Waitlist;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Bookings;

/// <summary>Several buyers in one call: each is decided and answered as if they had come one after the other.</summary>
public sealed class BookAllTests(PostgresServer server) : EventClusterTest(server)
{
    [Fact]
    public async Task BookAll_AnswersEachAtItsPlace_InOneCommit()
    {
        var concert = await Cluster.CreateEventAsync(capacity: 5);
        var (eager, late) = (Guid.NewGuid(), Guid.NewGuid());
        BookTickets[] commands = [new(eager, 3), new(late, 4), new(eager, 1), new(Guid.NewGuid(), 2)];

        var answers = await concert.BookAllAsync([.. commands], Token);

        Assert.Equal(
            [
                BookOutcome.Confirmed, BookOutcome.InsufficientAvailability, BookOutcome.DuplicateBooking,
                BookOutcome.Confirmed,
            ],
            answers.Select(answer => answer.Outcome));
        Assert.Equal(2, answers[1].AvailableTickets);
        Assert.Equal(answers[0].Booking!.Id, answers[2].ExistingBookingId);
        Assert.Equal(
            commands.Where((_, at) => at is 0 or 3).Select(command => (command.UserId, command.Quantity)),
            answers.Where(answer => answer.Booking is not null)
                .Select(answer => (answer.Booking!.UserId, answer.Booking.Quantity)));
        // Created in version 1.
        Assert.Equal(2, await Database.ScalarAsync<long>("SELECT version FROM event_inventory"));
        Assert.Equal(5L, await Database.ScalarAsync<long>("SELECT sum(quantity) FROM bookings"));
    }

    [Fact]
    public async Task BookAll_WithOneThatCanNotBeDecided_WritesThoseBeforeIt()
    {
        var concert = await Cluster.CreateEventAsync(capacity: 5);
        BookTickets[] commands = [new(Guid.NewGuid(), 2), new(Guid.NewGuid(), 0), new(Guid.NewGuid(), 1)];

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => concert.BookAllAsync([.. commands], Token));

        await Wait.UntilAsync(
            () => Database.ScalarAsync<int>("SELECT booked FROM event_inventory").GetAwaiter().GetResult() == 2,
            TimeSpan.FromSeconds(10), () => "The first booking is not in the database.");
    }

    [Fact]
    public async Task JoinWaitlistAll_QueuesInTheOrderOfTheCall()
    {
        var concert = await Cluster.CreateEventAsync(capacity: 1);
        await concert.BookAsync(new(Guid.NewGuid(), 1), Token);
        var users = Enumerable.Range(0, 3).Select(_ => Guid.NewGuid()).ToArray();
        JoinWaitlist[] commands = [new(users[0], 1), new(users[1], 1), new(users[0], 1), new(users[2], 1)];

        var answers = await concert.JoinWaitlistAllAsync([.. commands], Token);

        Assert.Equal(JoinWaitlistOutcome.AlreadyOnWaitlist, answers[2].Outcome);
        Assert.Equal([1, 2, null, 3], answers.Select(answer => answer.Entry?.Position));
        Assert.Equal(
            [users[0], users[1], null, users[2]], answers.Select(answer => answer.Entry?.UserId).ToArray());
        Assert.Equal(3L, await Database.ScalarAsync<long>("SELECT count(*) FROM waitlist_entries"));
    }
}
