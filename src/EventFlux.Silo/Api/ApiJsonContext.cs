using System.Text.Json.Serialization;
using EventFlux.Silo.Observability;

namespace EventFlux.Silo.Api;

/// <summary>What crosses the API, with serializers made at build time: a sale pays no reflection.</summary>
[JsonSerializable(typeof(CreateBookingRequest))]
[JsonSerializable(typeof(JoinWaitlistRequest))]
[JsonSerializable(typeof(CreateEventRequest))]
[JsonSerializable(typeof(RegisterUserRequest))]
[JsonSerializable(typeof(LogInRequest))]
[JsonSerializable(typeof(UpdateProfileRequest))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(UserResponse))]
[JsonSerializable(typeof(SessionResponse))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(BookingResponse))]
[JsonSerializable(typeof(BookingReferenceResponse))]
[JsonSerializable(typeof(WaitlistEntryResponse))]
[JsonSerializable(typeof(EventResponse))]
[JsonSerializable(typeof(PageResponse<BookingResponse>))]
[JsonSerializable(typeof(PageResponse<WaitlistEntryResponse>))]
[JsonSerializable(typeof(PageResponse<OfferResponse>))]
[JsonSerializable(typeof(PageResponse<EventResponse>))]
[JsonSerializable(typeof(PageResponse<AuditEntryResponse>))]
[JsonSerializable(typeof(ClusterHealthReport))]
[JsonSerializable(typeof(StartPage.Description))]
[JsonSerializable(typeof(RankingResponse))]
[JsonSerializable(typeof(EventStatsResponse))]
[JsonSerializable(typeof(PeriodResponse))]
[JsonSerializable(typeof(DailyResponse))]
[JsonSerializable(typeof(DashboardResponse))]
[JsonSerializable(typeof(EventAnalyticsResponse))]
[JsonSerializable(typeof(PageResponse<AdminUserResponse>))]
[JsonSerializable(typeof(AdminUserDetailsResponse))]
[JsonSerializable(typeof(SetRoleRequest))]
[JsonSerializable(typeof(Dictionary<string, AuditChangeResponse>))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
