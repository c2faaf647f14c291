using System.Net.Http.Json;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Chaos;

/// <summary>
/// Breaks a cluster of three while it is used, one fault after the other, and measures how long each was felt. At the
/// end the database is held against all that was promised.
/// </summary>
/// <param name="log">Where the run tells how it goes on, line by line.</param>
internal sealed class ChaosRun(ChaosPlan plan, Action<string> log)
{
    /// <summary>When a fault is not over by then, the run has failed.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(60);

    /// <summary>An offer's end, the minute sweep that may have to find it, and time for both to be late.</summary>
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(150);

    private readonly Ledger _ledger = new();
    private readonly Tally _tally = new();
    private readonly ChaosReport _report = new();
    private ChaosCluster _cluster = null!;
    private RecoveryProbe _probe = null!;

    /// <exception cref="InvalidOperationException">A fault was not over in time.</exception>
    public async Task<ChaosReport> RunAsync()
    {
        await using var cluster = _cluster = await ChaosCluster.StartAsync(
            silos: 3, offerDuration: TimeSpan.FromSeconds(5), plan.Drain);
        var events = await MixedLoad.CreateEventsAsync(
            cluster, _tally, hotCapacity: 500, small: 40, smallCapacity: 6);
        _probe = await RecoveryProbe.CreateAsync(cluster, _ledger, _tally, count: 40);
        var load = new MixedLoad(cluster, _ledger, _tally, events);

        // First, on a cluster that nothing has happened to: a client that doesn't repeat would count what a fault has
        // left behind.
        await WhileUsedAsync(load, repeats: false, () => RepeatAsync("release", plan.Releases, ReleaseAsync));
        await WhileUsedAsync(load, repeats: true, async () =>
        {
            await RepeatAsync("kill", plan.Kills, KillAsync);
            await RepeatAsync("freeze", plan.Freezes, FreezeAsync);
            await RepeatAsync("database kill", plan.DatabaseKills, KillDatabaseAsync);
        });

        _report.Tally = _tally;
        _report.Verdict = await SettleAsync();
        foreach (var node in cluster.Nodes)
        {
            await node.StopAsync();
            node.LoggedErrors.ForEach(error => _tally.Surprise($"{node.Name} logged {error}"));
        }

        log($"{_tally}; {_report.Verdict}");
        return _report;
    }

    private async Task WhileUsedAsync(MixedLoad load, bool repeats, Func<Task> faults)
    {
        using var stop = new CancellationTokenSource();
        var people = load.RunAsync(plan.People, plan.Pause, repeats, stop.Token);
        try
        {
            await faults();
        }
        finally
        {
            await stop.CancelAsync();
            await people;
        }
    }

    private async Task RepeatAsync(string fault, int times, Func<Task<TimeSpan>> strike)
    {
        for (var number = 1; number <= times; number++)
        {
            var felt = await strike();
            _report.Add(fault, felt);
            log($"{fault} {number} of {times}: {felt.TotalSeconds:F1} s; {_tally}");
        }
    }

    /// <summary>SIGKILL: from it until every event was sold again by the others.</summary>
    private async Task<TimeSpan> KillAsync()
    {
        var node = _cluster.Any();
        node.Silo.Kill();
        var killed = TimeProvider.System.GetTimestamp();
        var felt = await _probe.MeasureAsync(Others(node), killed, GiveUpAfter);
        await node.StartAsync();
        return felt;
    }

    /// <summary>SIGSTOP: from it until the others have taken over. Thawed, the silo has to find out by itself that it
    /// was given up.</summary>
    private async Task<TimeSpan> FreezeAsync()
    {
        var node = _cluster.Any();
        node.Silo.Freeze();
        var frozen = TimeProvider.System.GetTimestamp();
        var felt = await _probe.MeasureAsync(Others(node), frozen, GiveUpAfter);
        var rest = plan.FreezeFor - TimeProvider.System.GetElapsedTime(frozen);
        if (rest > TimeSpan.Zero) await Task.Delay(rest);
        node.Silo.Thaw();
        var thawed = TimeProvider.System.GetTimestamp();
        await Wait.UntilAsync(
            () => node.Silo.HasExited, GiveUpAfter, () => $"A thawed silo goes on.\n{node.Silo.Output}");
        _report.Add("thawed silo leaves", TimeProvider.System.GetElapsedTime(thawed));
        await node.StartAsync();
        return felt;
    }

    /// <summary>SIGKILL of PostgreSQL, 5 seconds without: from its return until every event was sold again.</summary>
    private async Task<TimeSpan> KillDatabaseAsync()
    {
        _cluster.Database.Kill();
        var killed = TimeProvider.System.GetTimestamp();
        await Wait.UntilAsync(
            () => _cluster.Nodes.All(node => !node.IsReady), GiveUpAfter, () => "A silo is ready without a database.");
        _report.Add("unready without a database", TimeProvider.System.GetElapsedTime(killed));
        _report.Add("longest 503 without a database", await LongestRefusalAsync());
        await Task.Delay(TimeSpan.FromSeconds(5));
        await _cluster.Database.RestartAsync();
        var back = TimeProvider.System.GetTimestamp();
        var felt = await _probe.MeasureAsync(_cluster.Nodes, back, GiveUpAfter);
        foreach (var node in _cluster.Nodes)
            if (node.Silo.HasExited) throw new InvalidOperationException($"{node.Name} ended without its database.");
        return felt;
    }

    /// <summary>SIGTERM and a new start, one silo after the other: how long that takes. Clients don't repeat.</summary>
    private async Task<TimeSpan> ReleaseAsync()
    {
        var begun = TimeProvider.System.GetTimestamp();
        foreach (var node in _cluster.Nodes)
        {
            node.Silo.Terminate();
            var code = await node.Silo.WaitForExitAsync();
            if (code != 0)
                throw new InvalidOperationException($"{node.Name} ended with {code}.\n{node.Silo.Output}");
            await node.StartAsync();
        }

        return TimeProvider.System.GetElapsedTime(begun);
    }

    /// <summary>How long the slowest of many callers waits to hear that there is no database.</summary>
    private async Task<TimeSpan> LongestRefusalAsync()
    {
        var token = _cluster.Tokens.Issue(Guid.NewGuid());
        var times = await Task.WhenAll(Enumerable.Range(0, 60).Select(async number =>
        {
            var (path, sent) = (number % 2 == 0 ? "/api/bookings" : "/api/events", TimeProvider.System.GetTimestamp());
            using var request = number % 4 == 0
                ? new HttpRequestMessage(HttpMethod.Post, path)
                {
                    Content = JsonContent.Create(new { event_id = _probe.AnyEvent(), quantity = 1 }),
                }
                : new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new("Bearer", token);
            using var answer = await _cluster.Nodes[number % _cluster.Nodes.Count].Http.SendAsync(request);
            if ((int)answer.StatusCode != 503) _tally.Surprise($"{path} without a database: {answer.StatusCode}");
            return TimeProvider.System.GetElapsedTime(sent);
        }));
        return times.Max();
    }

    private ChaosNode[] Others(ChaosNode node) => [.. _cluster.Nodes.Where(other => other != node)];

    /// <summary>Once nobody asks any more, time alone has to bring the queues in order.</summary>
    private async Task<Verdict> SettleAsync()
    {
        var verdict = await Verdict.OfAsync(_cluster.Sql, _ledger);
        for (var begun = TimeProvider.System.GetTimestamp();
             verdict.Unserved > 0 && TimeProvider.System.GetElapsedTime(begun) < SettleTimeout;
             verdict = await Verdict.OfAsync(_cluster.Sql, _ledger))
            await Task.Delay(TimeSpan.FromSeconds(5));
        return verdict;
    }
}
