using EventFlux.Contracts.Maintenance;
using EventFlux.Contracts.Observability;

namespace EventFlux.Silo.Observability;

/// <summary>
/// How the cluster is, from any silo: asks the database, every active silo and the maintenance jobs at the same time,
/// and waits a second for whoever doesn't answer. Asked by many at once it looks once, and an answer holds for half a
/// second. Safe for concurrent use; it throws only when it is cancelled.
/// </summary>
public sealed class ClusterHealth
{
    private static readonly TimeSpan ReuseFor = TimeSpan.FromMilliseconds(500);

    /// <summary>A killed silo refuses at once; this is for those that hang.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SiloVitalsReader _own;
    private readonly SiloHealthServiceClient _others;
    private readonly ClusterMembers _members;
    private readonly DatabaseLatency _database;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Task<ClusterHealthReport>? _current;
    private long _askedAt;

    internal ClusterHealth(
        SiloVitalsReader own, SiloHealthServiceClient others, ClusterMembers members, DatabaseLatency database,
        IGrainFactory grains, TimeProvider time) =>
        (_own, _others, _members, _database, _grains, _time) = (own, others, members, database, grains, time);

    /// <summary>The report, within little more than a second.</summary>
    public Task<ClusterHealthReport> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_current is null || (_current.IsCompleted && _time.GetElapsedTime(_askedAt) >= ReuseFor))
            {
                _askedAt = _time.GetTimestamp();
                _current = Task.Run(LookAsync, CancellationToken.None);
            }

            return _current.WaitAsync(cancellationToken);
        }
    }

    private async Task<ClusterHealthReport> LookAsync()
    {
        var checkedAt = _time.GetUtcNow();
        var own = _own.Read();
        var database = _database.MeasureAsync(Patience);
        var jobs = OrNullAsync(() =>
            _grains.GetGrain<IMaintenanceGrain>(IMaintenanceGrain.Key).GetLastRunsAsync());
        var members = await _members.ReadAsync(Patience);
        var vitals = await Task.WhenAll(members.Select(member => AskAsync(member, own)));

        var silos = members.Zip(vitals, SiloFigures.HealthOf).ToArray();
        var answered = vitals.OfType<SiloVitals>().Select(one => one.Requests);
        var (databaseHealth, runs) = (await database, await jobs);
        var isFine = databaseHealth.LatencyMs is not null
            && silos.All(silo => silo.Answers || silo.Status != ClusterMembers.Active);
        return new(
            isFine ? "ok" : "degraded", checkedAt, databaseHealth, SiloFigures.ProcessOf(own),
            SiloFigures.RequestsOf(answered), silos,
            runs is null ? null : [.. runs.Select(JobHealth.Of)]);
    }

    private Task<SiloVitals?> AskAsync(ClusterMember member, SiloVitals own) =>
        member.IsSelf ? Task.FromResult<SiloVitals?>(own)
        : member.IsActive ? OrNullAsync(() => _others.On(member.Address).ReportAsync())
        : Task.FromResult<SiloVitals?>(null);

    /// <summary>Null when there is no answer in time, for whatever reason: that is what is to be reported.</summary>
    private async Task<T?> OrNullAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask().WaitAsync(Patience, _time);
        }
        catch (Exception)
        {
            return null;
        }
    }
}
