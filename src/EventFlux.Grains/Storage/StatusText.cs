using EventFlux.Contracts.Events;
using EventFlux.Contracts.Waitlist;

namespace EventFlux.Grains.Storage;

/// <summary>How statuses are written in the tables and in the API.</summary>
internal static class StatusText
{
    public static string ToText(this EventStatus status) => status switch
    {
        EventStatus.Draft => "draft",
        EventStatus.Active => "active",
        EventStatus.Cancelled => "cancelled",
        EventStatus.Completed => "completed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static string ToText(this WaitlistStatus status) => status switch
    {
        WaitlistStatus.Waiting => "waiting",
        WaitlistStatus.Notified => "notified",
        WaitlistStatus.Converted => "converted",
        WaitlistStatus.Expired => "expired",
        WaitlistStatus.Left => "left",
        WaitlistStatus.Closed => "closed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };
}
