using EventFlux.Contracts.Users;
using EventFlux.Grains.Storage;

namespace EventFlux.Silo.Api;

/// <summary>A user in an admin's list.</summary>
/// <param name="ConfirmedBookings">How many the user holds now.</param>
public sealed record AdminUserResponse(
    Guid Id,
    string Email,
    string FirstName,
    string LastName,
    string Role,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int ConfirmedBookings)
{
    public static AdminUserResponse From(AdminUser user) => new(
        user.Profile.Id, user.Profile.Email, user.Profile.FirstName, user.Profile.LastName,
        user.Profile.Role.ToText(), user.Profile.CreatedAt, user.Profile.UpdatedAt, user.ConfirmedBookings);

    /// <summary>Prints nothing: the values are personal.</summary>
    public override string ToString() => nameof(AdminUserResponse);
}

/// <summary>A user with bookings.</summary>
/// <param name="ConfirmedBookings">How many the user holds now.</param>
/// <param name="TotalBookings">How many there are, cancelled ones included.</param>
/// <param name="Bookings">The newest of them.</param>
public sealed record AdminUserDetailsResponse(
    Guid Id,
    string Email,
    string FirstName,
    string LastName,
    string Role,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int ConfirmedBookings,
    long TotalBookings,
    IReadOnlyList<BookingResponse> Bookings)
{
    public static AdminUserDetailsResponse From(AdminUser user, Page<Contracts.Bookings.BookingSnapshot> bookings) =>
        new(
            user.Profile.Id, user.Profile.Email, user.Profile.FirstName, user.Profile.LastName,
            user.Profile.Role.ToText(), user.Profile.CreatedAt, user.Profile.UpdatedAt, user.ConfirmedBookings,
            bookings.Total ?? 0, [.. bookings.Items.Select(BookingResponse.From)]);

    /// <inheritdoc cref="AdminUserResponse.ToString"/>
    public override string ToString() => nameof(AdminUserDetailsResponse);
}

/// <summary>An event as its organisers look at it.</summary>
/// <param name="Daily">One row a UTC day, empty ones included, today last.</param>
/// <param name="RecentBookings">Newest first.</param>
public sealed record EventAnalyticsResponse(
    EventStatsResponse Stats, IReadOnlyList<DayResponse> Daily, IReadOnlyList<BookingResponse> RecentBookings);
