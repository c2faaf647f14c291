using System.Diagnostics;
using EventFlux.Grains.Users;

namespace EventFlux.Silo.Api;

/// <summary>What one request is known by, in answers, logs and the audit log alike.</summary>
internal static class TraceIds
{
    public static string Of(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    /// <summary>Where the request comes from.</summary>
    public static RequestOrigin OriginOf(HttpContext context) => new(context.Connection.RemoteIpAddress, Of(context));
}
