using EventFlux.Contracts.RateLimiting;

namespace EventFlux.Silo.RateLimiting;

/// <summary>
/// What this silo does when others ask: hands out permits of the keys that it owns, and gives its own up. Whoever is
/// asked becomes the owner by recalling what all have, so silos that see the cluster differently for a moment take an
/// account from each other and never double it. Safe for concurrent use.
/// </summary>
internal sealed class PermitOwner(PermitTables tables, RateLimitPeers peers)
{
    /// <summary>A recall brings permits, or the certainty that there are none; more is needed only where two silos
    /// take an account from each other.</summary>
    private const int MaxRecalls = 3;

    private readonly OneAtATime<PermitAccount> _recalls = new();

    public async Task<PermitGrant> GrantAsync(PermitQuestion question)
    {
        var account = question.Account;
        var table = tables.Of(account.Tier);
        for (var recall = 0; recall <= MaxRecalls; recall++)
        {
            if (table.TryGrant(account.Key, account.Window, peers.View.Silos.Length) is { } grant) return grant;
            await _recalls.RunOrWaitAsync(account, () => RecallAsync(question));
        }

        return new(PermitOutcome.Moved, 0, 0);
    }

    public PermitReport Surrender(PermitAccount account) =>
        tables.Of(account.Tier).Surrender(account.Key, account.Window);

    private async Task RecallAsync(PermitQuestion question)
    {
        var (account, view) = (question.Account, peers.View);
        var table = tables.Of(account.Tier);
        var (own, mark) = table.BeginRecall(account.Key, account.Window);
        var answers = await Task.WhenAll(view.Silos
            .Where(silo => !silo.Equals(view.Self) && !silo.Equals(question.Asker))
            .Select(silo => peers.TryRecallAsync(silo, account)));

        var reports = answers.OfType<PermitReport>().ToList();
        if (!question.Asker.Equals(view.Self)) reports.Add(question.Report);
        var share = view.Share(table.Limit, tables.BeginningOf(account));
        var missing = answers.Count(answer => answer is null) * share;
        table.EndRecall(account.Key, account.Window, own, mark, reports, missing);
    }
}
