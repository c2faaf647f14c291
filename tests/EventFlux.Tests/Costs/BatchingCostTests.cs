using EventFlux.Grains.Events;
using EventFlux.Grains.Storage;
using Npgsql;

namespace EventFlux.Tests.Costs;

/// <summary>What it allocates to turn facts into a commit's statements and their parameters.</summary>
public sealed class BatchingCostTests(ITestOutputHelper output)
{
    private const int Batch = 64;

    /// <summary>A tenth above what it was: the rows, one array a column, and what sorting facts into rows
    /// needs.</summary>
    private const int BytesOfBooking = 815;

    /// <summary>A tenth above what it was: the statements and parameters themselves, paid once a commit.</summary>
    private const int BytesOfCommit = 13_500;

    [Fact]
    public void BatchOf64_AllocatesABoundedNumberOfBytesABooking()
    {
        var bytes = BytesOf(Batch) / Batch;
        output.WriteLine($"a booking of {Batch}: {bytes} bytes");
        Assert.InRange(bytes, 1, BytesOfBooking);
    }

    [Fact]
    public void BatchOfOne_AllocatesABoundedNumberOfBytes()
    {
        var bytes = BytesOf(1);
        output.WriteLine($"a commit of one: {bytes} bytes");
        Assert.InRange(bytes, 1, BytesOfCommit);
    }

    /// <summary>The least of some: the first ones fill the driver's own pools.</summary>
    private static long BytesOf(int bookings)
    {
        var sale = new MadeCommits();
        sale.Creation();
        using var connection = new NpgsqlConnection();
        var least = long.MaxValue;
        for (var i = 0; i < 20; i++) least = Math.Min(least, BytesOf(connection, sale.Bookings(bookings)));
        return least;
    }

    private static long BytesOf(NpgsqlConnection connection, EventCommit commit)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        using (EventCommitCommands.Create(connection, [commit]))
            return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
