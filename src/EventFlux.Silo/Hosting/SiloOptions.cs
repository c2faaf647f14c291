using System.Collections.Immutable;
using System.Net;
using EventFlux.Silo.RateLimiting;

namespace EventFlux.Silo.Hosting;

/// <summary>
/// What a silo was told, checked and complete: read once at the start by <see cref="SiloOptionsReader"/>, never changed
/// after. Injected as a singleton. Holds secrets, so its text shows nothing.
/// </summary>
public sealed record SiloOptions
{
    /// <summary>Development loads sample data and makes up what is missing; anything else is strict.</summary>
    public required bool IsDevelopment { get; init; }

    /// <summary>For Npgsql. Null until the private PostgreSQL has been started; never null in what is
    /// injected.</summary>
    public required string? ConnectionString { get; init; }

    /// <summary>The tables' owner, who migrates; null: the login of <see cref="ConnectionString"/> does.</summary>
    public required string? MigrationConnectionString { get; init; }

    /// <summary>Folder of the private PostgreSQL and of secrets made up in Development.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>HS256 key, at least 32 bytes; the same on every silo.</summary>
    public required ReadOnlyMemory<byte> JwtSecret { get; init; }

    /// <summary>A second key whose tokens are honoured, while the secret is changed; empty when there is
    /// none.</summary>
    public required ReadOnlyMemory<byte> JwtSecretPrevious { get; init; }

    /// <summary>From a token's issue to its end.</summary>
    public required TimeSpan JwtLifetime { get; init; }

    /// <summary>Tickets a booking, 1 or more.</summary>
    public required int MaxTicketsPerUser { get; init; }

    /// <summary>Requests under way at once; past it clients are told to come back.</summary>
    public required int MaxConcurrentRequests { get; init; }

    /// <summary>How long an offer holds its tickets; positive.</summary>
    public required TimeSpan WaitlistOfferDuration { get; init; }

    /// <summary>How long a hold lasts, and by how much it can be extended once.</summary>
    public required TimeSpan HoldDuration { get; init; }

    /// <summary>How long cancelled bookings are kept; null: for ever.</summary>
    public required TimeSpan? CancelledBookingRetention { get; init; }

    /// <summary>Origins that browsers may call from, such as <c>https://shop.example</c>; <c>*</c> stands for any.
    /// Empty: none.</summary>
    public required ImmutableArray<string> CorsOrigins { get; init; }

    /// <summary>How many requests a client may make.</summary>
    public required RateLimitOptions RateLimits { get; init; }

    /// <summary>Proxies that are believed when they say who called (<c>X-Forwarded-For</c>). Empty: none.</summary>
    public required ImmutableArray<IPNetwork> TrustedProxies { get; init; }

    /// <summary>The first admin, or null; set together with <see cref="AdminPassword"/>.</summary>
    public required string? AdminEmail { get; init; }

    /// <summary>8 to 72 bytes; outside Development none that is easily guessed.</summary>
    public required string? AdminPassword { get; init; }

    /// <summary>Of new password hashes; each step doubles the time.</summary>
    public required int BCryptCost { get; init; }

    /// <summary>How long a stopping silo still serves after it turned unready.</summary>
    public required TimeSpan ShutdownDrain { get; init; }

    /// <summary>Whether Orleans Dashboard is there, for admins.</summary>
    public required bool DashboardEnabled { get; init; }

    /// <summary>HTTP.</summary>
    public required int Port { get; init; }

    /// <summary>For <c>/metrics</c> alone; null: it is on <see cref="Port"/>.</summary>
    public required int? MetricsPort { get; init; }

    /// <summary>Where other silos reach this one, and where it listens for them.</summary>
    public required IPAddress SiloHost { get; init; }

    /// <summary>Between silos.</summary>
    public required int SiloPort { get; init; }

    /// <summary>For Orleans clients outside the cluster.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>Silos with the same id on the same database form one cluster. The stored state and the reminders
    /// belong to the service, which is always the same.</summary>
    public required string ClusterId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(SiloOptions);
}
