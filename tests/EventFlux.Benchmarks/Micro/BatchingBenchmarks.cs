using BenchmarkDotNet.Attributes;
using EventFlux.Grains.Events;
using EventFlux.Grains.Storage;
using EventFlux.Tests.Costs;
using Npgsql;

namespace EventFlux.Benchmarks.Micro;

/// <summary>From facts to a commit's statements with their parameters, as far as it goes without a database.</summary>
public class BatchingBenchmarks
{
    private readonly NpgsqlConnection _connection = new();
    private EventCommit _commit = null!;

    [Params(1, 16, 128)]
    public int Bookings { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var sale = new MadeCommits();
        sale.Creation();
        _commit = sale.Bookings(Bookings);
    }

    [Benchmark]
    public int SortIntoRows() => new EventCommitRows([_commit]).NewBookings.Count;

    [Benchmark]
    public int MakeStatements()
    {
        using var batch = EventCommitCommands.Create(_connection, [_commit]);
        return batch.BatchCommands.Count;
    }
}
