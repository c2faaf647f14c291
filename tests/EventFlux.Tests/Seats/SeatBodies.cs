using EventFlux.Tests.Api;

namespace EventFlux.Tests.Seats;

/// <summary>Bodies of requests about seats, and events that have some.</summary>
internal static class SeatBodies
{
    /// <summary>A section of rows "1", "2", … of that many seats.</summary>
    public static object Section(string code, decimal price, int rows, int seats, int y = 1) => new
    {
        code,
        name = $"Section {code}",
        price,
        rows = Enumerable.Range(1, rows).Select(row => new
        {
            label = $"{row}",
            seats = Enumerable.Range(1, seats).Select(seat => new { number = $"{seat}", x = seat, y = y + row }),
        }),
    };

    public static object Plan(params object[] sections) => new { sections };

    /// <summary>An event of the creator with a front (dearer) and a back of two rows each.</summary>
    public static async Task<Guid> CreateHouseAsync(
        this ApiFixture api, ApiCaller admin, int seatsOfRow = 5, TimeSpan? ahead = null)
    {
        var id = await api.CreateEventAsync(capacity: 1, creator: admin, ahead: ahead);
        var plan = Plan(Section("F", 40m, 2, seatsOfRow), Section("B", 25m, 2, seatsOfRow, y: 5));
        (await admin.PutAsync($"/api/events/{id}/seats", plan)).Is(200);
        return id;
    }

    public static Task<ApiAnswer> HoldAsync(
        this ApiCaller caller, Guid eventId, object body, params string[] keys) =>
        caller.PostAsync($"/api/events/{eventId}/holds", body, keys);

    public static Task<ApiAnswer> HoldSeatsAsync(this ApiCaller caller, Guid eventId, params string[] seats) =>
        caller.HoldAsync(eventId, new { seat_ids = seats });

    public static Task<ApiAnswer> BookHoldAsync(
        this ApiCaller caller, Guid eventId, Guid holdId, params string[] keys) =>
        caller.PostAsync("/api/bookings", new { event_id = eventId, hold_id = holdId }, keys);

    public static Task<ApiAnswer> BookSeatsAsync(this ApiCaller caller, Guid eventId, params string[] seats) =>
        caller.PostAsync("/api/bookings", new { event_id = eventId, seat_ids = seats });

    /// <summary>The ids of a hold's or booking's seats.</summary>
    public static string[] Seats(this ApiAnswer answer) =>
        [.. answer.Json.GetProperty("seats").EnumerateArray().Select(seat => seat.GetProperty("id").GetString()!)];
}
