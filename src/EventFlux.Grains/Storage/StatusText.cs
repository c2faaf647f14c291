using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Holds;
using EventFlux.Contracts.Waitlist;

namespace EventFlux.Grains.Storage;

/// <summary>How statuses are written in the tables and in the API.</summary>
public static class StatusText
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

    public static string ToText(this BookingStatus status) => status switch
    {
        BookingStatus.Confirmed => "confirmed",
        BookingStatus.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static string ToText(this HoldStatus status) => status switch
    {
        HoldStatus.Open => "open",
        HoldStatus.Booked => "booked",
        HoldStatus.Released => "released",
        HoldStatus.Expired => "expired",
        HoldStatus.Closed => "closed",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>The event status that <paramref name="text"/> is, exactly; null when it is none.</summary>
    public static EventStatus? ParseEvent(string text) => Parse<EventStatus>(text, ToText);

    /// <summary>The booking status that <paramref name="text"/> is, exactly; null when it is none.</summary>
    public static BookingStatus? ParseBooking(string text) => Parse<BookingStatus>(text, ToText);

    /// <summary>The waitlist status that <paramref name="text"/> is, exactly; null when it is none.</summary>
    public static WaitlistStatus? ParseWaitlist(string text) => Parse<WaitlistStatus>(text, ToText);

    /// <summary>The hold status that <paramref name="text"/> is, exactly; null when it is none.</summary>
    public static HoldStatus? ParseHold(string text) => Parse<HoldStatus>(text, ToText);

    private static T? Parse<T>(string text, Func<T, string> toText)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (toText(value) == text)
                return value;
        return null;
    }
}
