using System.Text.Json;

namespace EventFlux.Silo.Observability;

/// <summary>A silo in the membership.</summary>
/// <param name="Status">Of the membership, in small letters.</param>
/// <param name="StartedAt">Null when the table can't be read.</param>
/// <param name="LastAliveAt">Null when the table can't be read.</param>
internal sealed record ClusterMember(
    SiloAddress Address, string Name, string Status, bool IsSelf, DateTimeOffset? StartedAt,
    DateTimeOffset? LastAliveAt)
{
    public bool IsActive => Status == ClusterMembers.Active;
}

/// <summary>
/// Who belongs to the cluster: what this silo knows of the membership, with the times that only the table holds. When
/// the table can't be read in time, without them. Safe for concurrent use.
/// </summary>
internal sealed class ClusterMembers(
    IMembershipTable table, IClusterMembershipService membership, ILocalSiloDetails self, TimeProvider time)
{
    public const string Active = "active";

    /// <summary>How long a silo that is gone is shown.</summary>
    private static readonly TimeSpan Mourning = TimeSpan.FromHours(1);

    /// <summary>In the order of their addresses.</summary>
    public async Task<IReadOnlyList<ClusterMember>> ReadAsync(TimeSpan patience)
    {
        var known = membership.CurrentSnapshot.Members;
        var rows = await RowsAsync(patience);
        // The table is ahead of what this silo has heard; only without it memory has to do.
        var members = rows is null
            ? known.Values.Select(member => Member(member.SiloAddress, member.Name, member.Status, null, null))
            : rows.Select(row => Member(
                row.SiloAddress, row.SiloName, row.Status, Utc(row.StartTime), Utc(row.IAmAliveTime)));
        var all = members.ToArray();
        return [.. all.Where(member => IsShown(member, all)).OrderBy(member => member.Address.ToString())];
    }

    private ClusterMember Member(
        SiloAddress address, string? name, SiloStatus status, DateTimeOffset? startedAt, DateTimeOffset? aliveAt) =>
        new(address, name ?? "", TextOf(status), address.Equals(self.SiloAddress), startedAt, aliveAt);

    private bool IsShown(ClusterMember member, ClusterMember[] all) =>
        member.Status != TextOf(SiloStatus.Dead)
        || (!all.Any(other => other.Address.IsSuccessorOf(member.Address))
            && (member.LastAliveAt is not { } alive || time.GetUtcNow() - alive < Mourning));

    private async Task<IEnumerable<MembershipEntry>?> RowsAsync(TimeSpan patience)
    {
        try
        {
            var data = await table.ReadAllAsync().WaitAsync(patience, time);
            return data.Members.Select(row => row.Item1);
        }
        catch (Exception)
        {
            // The database is measured on its own; the membership that is known goes on to be shown.
            return null;
        }
    }

    private static string TextOf(SiloStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    private static DateTimeOffset? Utc(DateTime time) =>
        time == default ? null : new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
