using System.Text.Json;
using System.Text.Json.Nodes;
using EventFlux.Silo.Observability;

namespace EventFlux.Silo.Api.OpenApi;

/// <summary>One believable example for each body of the API, written through the API's own types.</summary>
internal static class Examples
{
    private static readonly Guid EventId = new("01970000-0000-7000-8000-000000000001");
    private static readonly Guid BookingId = new("01970000-0000-7000-8000-0000000000b1");
    private static readonly Guid EntryId = new("01970000-0000-7000-8000-0000000000e1");
    private static readonly Guid UserId = new("01970000-0000-7000-8000-0000000000a1");
    private static readonly DateTimeOffset Earlier = new(2030, 3, 1, 9, 30, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = new(2030, 5, 1, 18, 30, 0, TimeSpan.Zero);
    private const string EventName = "Midnight Quartet: Blue Hours";
    private const string Venue = "The Cellar";
    private const string Token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ2ZXIiOjF9.c2lnbmF0dXJl";

    /// <summary>No real one: it would be told from those by its seal.</summary>
    private const string Cursor = "5Tq0eGkq0mVw3J6c1pXh2lsiMjAzMC0wNS0wMVQxODozMDowMCswMDowMCJd";

    private static readonly BookingResponse Booking = new(
        BookingId, "EVT-7Q2M0V9KXB4TD", EventId, EventName, Venue, Later, UserId, 2, 28.00m, 56.00m, "GBP", "confirmed",
        Earlier, null, null);

    private static readonly EventResponse Event = new(
        EventId, EventName, "Four players, one microphone, no set list.", Venue, "14 Harbour Lane, Bristol", Later, 80,
        3, 75, 2, 1, 28.00m, "GBP", "music", null, "active", UserId, "Ada Moss", Earlier, Earlier,
        false);

    private static readonly WaitlistEntryResponse Entry = new(
        EntryId, EventId, EventName, Later, UserId, 4, "waiting", 1, Earlier, null, null, null);

    private static readonly OfferResponse Offer = new(
        EntryId, new(EventId, EventName, Venue, Later, 28.00m, "GBP"), 4, Earlier, Earlier.AddMinutes(15), null);

    private static readonly AuditEntryResponse AuditEntry = new(
        4711, Earlier, UserId, "admin", "event.update", EventId,
        new Dictionary<string, AuditChangeResponse> { ["price"] = new("28.00", "32.50") },
        "0af7651916cd43dd8448eb211c80319c");

    private static readonly ProcessHealth Process = new("1a2b3c4", 86_400, 312_475_648, 96_468_992, 18.50m, 2);

    private static readonly RequestHealth Requests = new(300, 48_210, 12, 0.02m, 17, 4.21m, 11.80m, 23.95m);

    private static readonly ClusterHealthReport Health = new(
        "ok", Later, new("ok", 0.62m), Process, Requests,
        [new("10.0.0.4:11111@153849600", "Silo_1", "active", Earlier, Later, true, Process, Requests)],
        [new("end-offers", Later.AddSeconds(-20), 3, 0, 41.37m, "ok")]);

    private static readonly UserResponse User = new(
        UserId, "ada.moss@shop.example", "Ada", "Moss", "user", Earlier, Earlier);

    private static readonly Dictionary<Type, object> ByType = ((object[])
    [
        Booking,
        Event,
        Entry,
        Page(Booking),
        Page(Event),
        Page(Entry),
        Page(Offer),
        Page(AuditEntry),
        .. AnalyticsExamples.All,
        new BookingReferenceResponse("EVT-7Q2M0V9KXB4TD", EventName, Venue, Later, 2, "confirmed"),
        User,
        Health,
        new SessionResponse(User, Token, Later),
        new TokenResponse(Token, Later),
        new RegisterUserRequest("ada.moss@shop.example", "correct horse battery", "Ada", "Moss"),
        new LogInRequest("ada.moss@shop.example", "correct horse battery"),
        new UpdateProfileRequest("Ada", "Moss-Byron"),
        new ChangePasswordRequest("correct horse battery", "staple and another horse"),
        new CreateBookingRequest(EventId, 2),
        new JoinWaitlistRequest(EventId, 4),
        .. SeatExamples.All,
        new CreateEventRequest(
            EventName, Venue, Later, 80, 28.00m, "Four players, one microphone, no set list.",
            "14 Harbour Lane, Bristol", "GBP", "music", null, "active"),
    ]).ToDictionary(example => example.GetType());

    /// <summary>The example for bodies of that type, or null.</summary>
    public static JsonNode? For(Type type) =>
        type == typeof(UpdateEventRequest) ? new JsonObject { ["capacity"] = 100, ["address"] = null }
        : ByType.TryGetValue(type, out var example) ? JsonSerializer.SerializeToNode(example, type, ApiJson.Options)
        : null;

    /// <summary>The example of a problem.</summary>
    public static JsonNode For(ErrorCode code)
    {
        var problem = new JsonObject
        {
            ["type"] = Problems.TypeOf(code),
            ["title"] = Problems.TitleOf(code),
            ["status"] = Problems.StatusOf(code),
            ["detail"] = Problems.TitleOf(code) + ".",
            ["instance"] = "/api",
            ["code"] = Problems.NameOf(code),
            ["trace_id"] = "0af7651916cd43dd8448eb211c80319c",
        };
        switch (code)
        {
            case ErrorCode.ValidationError:
                problem["errors"] = new JsonObject { ["quantity"] = new JsonArray("must be between 1 and 10") };
                break;
            case ErrorCode.InsufficientAvailability:
                problem["available_tickets"] = 1;
                break;
            case ErrorCode.DuplicateBooking:
                problem["booking_id"] = BookingId.ToString();
                break;
            case ErrorCode.HoldExists:
                problem["hold_id"] = BookingId.ToString();
                break;
            case ErrorCode.SeatsUnavailable:
            case ErrorCode.SeatsInUse:
                problem["seat_ids"] = new JsonArray("STALLS-C-12");
                break;
            case ErrorCode.CapacityBelowBooked:
                problem["minimum_capacity"] = 77;
                break;
        }

        return problem;
    }

    internal static PageResponse<T> Page<T>(T item) => new([item], 1, 1, 3, 3, Cursor);
}
