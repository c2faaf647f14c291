using System.Net;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Chaos;

/// <summary>Silos as real processes on a PostgreSQL of their own, to be broken while they are used.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopped = new();
    private Task[] _looking = [];

    private ChaosCluster(ChaosDatabase database, TokenMint tokens, ChaosNode[] nodes)
    {
        (Database, Tokens, Nodes) = (database, tokens, nodes);
        Sql = NpgsqlDataSource.Create(database.ConnectionString);
    }

    public ChaosDatabase Database { get; }

    /// <summary>For looking behind the scenes.</summary>
    public NpgsqlDataSource Sql { get; }

    public TokenMint Tokens { get; }

    public IReadOnlyList<ChaosNode> Nodes { get; }

    /// <param name="offerDuration">How long an offer holds its tickets.</param>
    /// <param name="drain">How long a stopping silo serves on.</param>
    public static async Task<ChaosCluster> StartAsync(int silos, TimeSpan offerDuration, TimeSpan drain)
    {
        var database = await ChaosDatabase.StartAsync();
        var tokens = new TokenMint();
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DATABASE_URL"] = database.ConnectionString,
            ["JWT_SECRET"] = tokens.Secret,
            ["SILO_HOST"] = "127.0.0.1",
            ["RATE_LIMIT_ENABLED"] = "false",
            ["WAITLIST_OFFER_MINUTES"] = FormattableString.Invariant($"{offerDuration.TotalMinutes}"),
            ["SHUTDOWN_DRAIN_SECONDS"] = FormattableString.Invariant($"{drain.TotalSeconds}"),
        };
        var nodes = Enumerable.Range(1, silos).Select(number => new ChaosNode($"silo {number}", environment));
        var cluster = new ChaosCluster(database, tokens, [.. nodes]);
        foreach (var node in cluster.Nodes) await node.StartAsync();
        cluster._looking = [.. cluster.Nodes.Select(cluster.WatchAsync)];
        return cluster;
    }

    /// <summary>Any of the nodes.</summary>
    public ChaosNode Any() => Nodes[Random.Shared.Next(Nodes.Count)];

    /// <summary>Any of those that were ready at the last look; null when none was.</summary>
    public ChaosNode? AnyReady()
    {
        var ready = Nodes.Where(node => node.IsReady).ToArray();
        return ready.Length == 0 ? null : ready[Random.Shared.Next(ready.Length)];
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await Task.WhenAll(_looking);
        foreach (var node in Nodes) await node.DisposeAsync();
        await Sql.DisposeAsync();
        await Database.DisposeAsync();
        _stopped.Dispose();
    }

    /// <summary>Looks as a balancer does.</summary>
    private async Task WatchAsync(ChaosNode node)
    {
        using var client = new HttpClient { BaseAddress = node.Http.BaseAddress, Timeout = TimeSpan.FromSeconds(2) };
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.GetAsync("/health/ready");
                node.IsReady = answer.StatusCode == HttpStatusCode.OK;
            }
            catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException)
            {
                node.IsReady = false;
            }

            await Task.Delay(LookEvery);
        }
    }
}
