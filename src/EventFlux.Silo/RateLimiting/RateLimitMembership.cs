namespace EventFlux.Silo.RateLimiting;

/// <summary>Tells the limits which silos are active. Started after the silo and before the server, so that no request
/// is counted without.</summary>
internal sealed class RateLimitMembership(IClusterMembershipService membership, RateLimitPeers peers)
    : BackgroundService
{
    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        peers.See(ActiveIn(membership.CurrentSnapshot));
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            peers.See(ActiveIn(snapshot));
    }

    private static IEnumerable<SiloAddress> ActiveIn(ClusterMembershipSnapshot snapshot) =>
        from member in snapshot.Members.Values
        where member.Status == SiloStatus.Active
        select member.SiloAddress;
}
