using System.Diagnostics;
using OpenTelemetry;

namespace EventFlux.Silo.Observability;

/// <summary>
/// Takes out of spans what says who somebody is or what somebody looked for: the path and the query as they were sent
/// (the route stays), the browser, addresses, and the ids of grains that stand for a user. SQL is recorded as it is
/// written in the program; its parameters never are.
/// </summary>
internal sealed class PersonalDataFilter : BaseProcessor<Activity>
{
    private static readonly string[] Tags =
    [
        "url.path", "url.query", "url.full", "http.target", "http.url", "user_agent.original", "client.address",
        "client.port", "network.peer.address", "network.peer.port", "enduser.id",
    ];

    private static readonly string[] GrainTags = ["orleans.rpc.target_id", "orleans.rpc.source_id", "orleans.grain.id"];

    private static readonly string[] GrainsOfUsers = ["user/", "sign-in-guard/"];

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        // Only HTTP knows the caller; a database's address is the operator's own.
        if (data.Source.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal))
            foreach (var tag in Tags)
                data.SetTag(tag, null);
        foreach (var tag in GrainTags)
            if (data.GetTagItem(tag) is string id && GrainsOfUsers.FirstOrDefault(id.StartsWith) is { } kind)
                data.SetTag(tag, kind + "…");
    }
}
