using EventFlux.Contracts.Bookings;
using EventFlux.Grains.Events;

namespace EventFlux.Tests.Costs;

/// <summary>What deciding allocates. Counted on the thread that decides, so nothing else disturbs it.</summary>
public sealed class DecidingCostTests(ITestOutputHelper output)
{
    /// <summary>The fact and the answer, exactly.</summary>
    private const int BytesOfBooking = 200;

    /// <summary>The answer alone, exactly.</summary>
    private const int BytesOfRefusal = 56;

    [Fact]
    public void Booking_AllocatesItsFactAndItsAnswer() =>
        AtMost(BytesOfBooking, Sales.With(capacity: 1_000, sold: 0), BookOutcome.Confirmed);

    [Fact]
    public void Booking_With100000Sold_AllocatesNoMoreThanTheFirst()
    {
        var first = BytesOf(Sales.With(capacity: 200_000, sold: 0), BookOutcome.Confirmed);
        var late = BytesOf(Sales.With(capacity: 200_000, sold: 100_000), BookOutcome.Confirmed);

        Assert.Equal(first, late);
    }

    [Fact]
    public void Refusal_WithALongQueue_AllocatesItsAnswer() => AtMost(
        BytesOfRefusal, Sales.With(capacity: 100, sold: 100, waiting: 1_000), BookOutcome.InsufficientAvailability);

    private void AtMost(int bound, EventInventory inventory, BookOutcome expected)
    {
        var bytes = BytesOf(inventory, expected);
        output.WriteLine($"{expected}: {bytes} bytes");
        Assert.InRange(bytes, 1, bound);
    }

    /// <summary>The least of some: now and then the table of bookings grows, for those to come as well.</summary>
    private static long BytesOf(EventInventory inventory, BookOutcome expected)
    {
        var facts = new List<EventFact>(100);
        var least = long.MaxValue;
        for (var i = 0; i < 50; i++)
        {
            var (command, id) = (new BookTickets(Guid.NewGuid(), 1), Guid.NewGuid());
            var before = GC.GetAllocatedBytesForCurrentThread();
            var result = inventory.Book(command, id, "EVT-0000000000000", MadeCommits.Now, facts);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(expected, result.Outcome);
        }

        return least;
    }
}
