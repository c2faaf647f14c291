using BenchmarkDotNet.Attributes;
using EventFlux.Contracts.Bookings;
using EventFlux.Grains.Events;
using EventFlux.Tests.Costs;

namespace EventFlux.Benchmarks.Micro;

/// <summary>Deciding, in memory.</summary>
public class DecidingBenchmarks
{
    private const int Commands = 10_000;
    private const int Waiting = 1_000;
    private readonly List<EventFact> _facts = new(Commands);
    private readonly BookTickets[] _commands = new BookTickets[Commands];
    private EventInventory _inventory = null!;

    [IterationSetup(Target = nameof(BookTheFirst))]
    public void BeforeTheFirst() => Prepare(Sales.With(capacity: 1_000_000, sold: 0));

    [IterationSetup(Target = nameof(BookAfter100000))]
    public void Before100000() => Prepare(Sales.With(capacity: 1_000_000, sold: 100_000));

    [IterationSetup(Target = nameof(RefuseWhileOthersWait))]
    public void BeforeRefusals() => Prepare(Sales.With(capacity: 100, sold: 100, Waiting));

    [IterationSetup(Target = nameof(BookWhileOthersWait))]
    public void BeforeWaiting()
    {
        // Everybody who waits wants more than is left.
        Prepare(Sales.With(capacity: 1_000_000, sold: 1_000));
        for (var i = 0; i < Waiting; i++)
            _inventory.Join(new(Guid.NewGuid(), 1_000_000), Guid.NewGuid(), MadeCommits.Now, _facts);
        _facts.Clear();
    }

    [Benchmark(OperationsPerInvoke = Commands)]
    public int BookTheFirst() => Book();

    [Benchmark(OperationsPerInvoke = Commands)]
    public int BookAfter100000() => Book();

    [Benchmark(OperationsPerInvoke = Commands)]
    public int BookWhileOthersWait() => Book();

    [Benchmark(OperationsPerInvoke = Commands)]
    public int RefuseWhileOthersWait() => Book();

    private int Book()
    {
        foreach (var command in _commands)
            _inventory.Book(command, command.BookingId, "EVT-0000000000000", MadeCommits.Now, _facts);
        return _facts.Count;
    }

    private void Prepare(EventInventory inventory)
    {
        _inventory = inventory;
        _facts.Clear();
        for (var i = 0; i < Commands; i++) _commands[i] = new(Guid.NewGuid(), 1, null, Guid.NewGuid());
    }
}
