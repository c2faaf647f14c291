using System.Diagnostics;
using EventFlux.Grains.Storage;

namespace EventFlux.Tests.Storage;

/// <summary>What shares a round, and what doesn't.</summary>
public sealed class GatheringTests
{
    private static readonly TimeSpan Ever = TimeSpan.FromMinutes(1);

    private readonly List<int[]> _rounds = [];
    private readonly SemaphoreSlim _started = new(0);
    private readonly SemaphoreSlim _gate = new(0);

    [Fact]
    public async Task WhatComesWhileAllWorkersAreBusy_SharesARound()
    {
        var gathering = Gather(workers: 2, most: 100);
        var first = await AskAllAsync(gathering, 1, 2);
        var then = Enumerable.Range(3, 5).Select(gathering.AskAsync).ToArray();

        _gate.Release(3);

        Assert.Equal((int[])[1, 2], await Task.WhenAll(first));
        Assert.Equal((int[])[3, 4, 5, 6, 7], await Task.WhenAll(then));
        Assert.Equal([[1], [2], [3, 4, 5, 6, 7]], _rounds.OrderBy(round => round[0]));
    }

    [Fact]
    public async Task ARound_TakesNoMoreThanItMay_AndOneInAnyCase()
    {
        var gathering = Gather(workers: 1, most: 10);
        var first = await AskAllAsync(gathering, 1);
        var then = new[] { 4, 6, 3, 50, 2 }.Select(gathering.AskAsync).ToArray();

        _gate.Release(5);

        await Task.WhenAll([.. first, .. then]);
        Assert.Equal([[1], [4, 6], [3], [50], [2]], _rounds);
    }

    [Fact]
    public async Task ARoundThatFails_FailsItsOwnAlone_AndTheNextGoesOn()
    {
        var gathering = Gather(workers: 1, most: 100);
        var first = await AskAllAsync(gathering, 1);
        var failing = new[] { 2, -3, 4 }.Select(gathering.AskAsync).ToArray();
        _gate.Release(2);
        await Task.WhenAll(first);

        // Settled before the fault came.
        Assert.Equal(2, await failing[0]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing[1]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing[2]);

        _gate.Release();
        Assert.Equal(5, await gathering.AskAsync(5));
    }

    [Fact]
    public async Task ARoundThatHangs_KeepsNobodyElseWaiting()
    {
        var gathering = Gather(workers: 1, most: 100, TimeSpan.FromMilliseconds(50));
        var hanging = await AskAllAsync(gathering, 1);
        var next = await AskAllAsync(gathering, 2);

        _gate.Release(2);

        Assert.Equal((int[])[1, 2], await Task.WhenAll([.. hanging, .. next]));
        Assert.Equal([[1], [2]], _rounds);
    }

    [Fact]
    public async Task ARound_BelongsToTheTraceOfTheFirstWhoIsRecorded()
    {
        var traces = new List<Activity?>();
        var gathering = new Gathering<int, int>(1, Ever, 100, _ => 1, async round =>
        {
            lock (traces) traces.Add(Activity.Current);
            _started.Release();
            await _gate.WaitAsync();
            foreach (var asked in round) asked.SetResult(asked.Item);
        });
        var first = await AskAllAsync(gathering, 1);
        using var unrecorded = new Activity("unrecorded").Start();
        var second = gathering.AskAsync(2);
        using var recorded = new Activity("recorded") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        var third = gathering.AskAsync(3);
        Activity.Current = null;
        _gate.Release(2);
        await Task.WhenAll([.. first, second, third]);
        _gate.Release();
        await gathering.AskAsync(4);

        Assert.Equal([null, recorded, null], traces);
    }

    [Fact]
    public async Task AnyNumberAtOnce_AreAllSettled_AndNeverMoreRoundsThanWorkers()
    {
        var (running, most) = (0, 0);
        var gathering = new Gathering<int, int>(3, Ever, 7, _ => 1, async round =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            await Task.Yield();
            foreach (var asked in round) asked.SetResult(-asked.Item);
            Interlocked.Decrement(ref running);
        });

        var results = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(task => Task.Run(
                () => Task.WhenAll(Enumerable.Range(task * 1_000, 1_000).Select(gathering.AskAsync)))));

        Assert.Equal(Enumerable.Range(0, 8_000).Select(number => -number), results.SelectMany(result => result));
        Assert.InRange(most, 1, 3);
    }

    /// <summary>Each round waits for the gate; a negative item is a fault.</summary>
    private Gathering<int, int> Gather(int workers, int most, TimeSpan? patience = null) => new(
        workers, patience ?? Ever, most, Math.Abs, async round =>
    {
        lock (_rounds) _rounds.Add([.. round.Select(asked => asked.Item)]);
        _started.Release();
        await _gate.WaitAsync();
        foreach (var asked in round)
        {
            if (asked.Item < 0) throw new InvalidOperationException();
            asked.SetResult(asked.Item);
        }
    });

    /// <summary>Asks for each of them and waits until its round has begun.</summary>
    private async Task<List<Task<int>>> AskAllAsync(Gathering<int, int> gathering, params int[] items)
    {
        var asked = new List<Task<int>>();
        foreach (var item in items)
        {
            asked.Add(gathering.AskAsync(item));
            await _started.WaitAsync(TestContext.Current.CancellationToken);
        }

        return asked;
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen; seen = most) Interlocked.CompareExchange(ref most, value, seen);
    }
}
