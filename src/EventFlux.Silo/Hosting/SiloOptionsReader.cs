using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EventFlux.Grains.Users;
using EventFlux.Silo.Api;
using EventFlux.Silo.RateLimiting;

namespace EventFlux.Silo.Hosting;

/// <summary>Turns environment variables (or the same keys in appsettings.json) into <see cref="SiloOptions"/>, or
/// reports every fault in one go. Changes nothing and opens nothing, but for looking up host names.</summary>
internal static class SiloOptionsReader
{
    private const string DefaultClusterId = "eventflux";

    /// <param name="configuration">All sources, the environment on top.</param>
    /// <param name="serving">False for <c>migrate</c>, which needs no secret to sign with.</param>
    /// <returns>Without what only the start itself can add: the private database's connection string, and in
    /// Development the made-up secret and free ports.</returns>
    /// <exception cref="StartupException">One line for each fault.</exception>
    public static SiloOptions Read(IConfiguration configuration, bool serving = true)
    {
        var settings = new Settings(configuration);
        var isDevelopment = IsDevelopment(settings);
        var (adminEmail, adminPassword) = Admin(settings, isDevelopment);
        var options = new SiloOptions
        {
            IsDevelopment = isDevelopment,
            ConnectionString = ConnectionString(settings, "DATABASE_URL"),
            MigrationConnectionString = ConnectionString(settings, "MIGRATION_DATABASE_URL"),
            DataDirectory = LocalPostgresOptions.DefaultDirectory(settings.Text("EVENTFLUX_DATA_DIR")),
            JwtSecret = JwtSecret(settings, isDevelopment, serving),
            JwtSecretPrevious = JwtSecretPrevious(settings, isDevelopment),
            JwtLifetime = settings.Parsed<TimeSpan?>(
                "JWT_EXPIRES_IN", TimeSpan.FromHours(24), DurationText.Parse,
                "a duration such as 90s, 15m, 24h or 7d")!.Value,
            MaxTicketsPerUser = settings.Number("MAX_TICKETS_PER_USER", 10, 1, 1_000_000),
            MaxConcurrentRequests = settings.Number(
                "MAX_CONCURRENT_REQUESTS", ApiOptions.DefaultMaxConcurrentRequests, 1, 1_000_000),
            WaitlistOfferDuration = TimeSpan.FromTicks(
                (long)(settings.Number("WAITLIST_OFFER_MINUTES", 15m, 0.001m, 43_200m) * TimeSpan.TicksPerMinute)),
            HoldDuration = TimeSpan.FromTicks(
                (long)(settings.Number("HOLD_MINUTES", 10m, 0.001m, 1_440m) * TimeSpan.TicksPerMinute)),
            CancelledBookingRetention = Retention(settings),
            CorsOrigins = CorsOrigins(settings, isDevelopment),
            RateLimits = RateLimits(settings),
            TrustedProxies = settings.Parsed<ImmutableArray<IPNetwork>?>(
                "TRUSTED_PROXIES", [], TrustedProxies.Parse, TrustedProxies.Allowed)!.Value,
            AdminEmail = adminEmail,
            AdminPassword = adminPassword,
            BCryptCost = settings.Number("BCRYPT_COST", 11, 10, 15),
            ShutdownDrain = TimeSpan.FromSeconds(
                (double)settings.Number("SHUTDOWN_DRAIN_SECONDS", isDevelopment ? 0m : 5m, 0m, 600m)),
            DashboardEnabled = settings.Flag("DASHBOARD_ENABLED", true),
            Port = settings.Number("PORT", 3000, 1, 65_535),
            MetricsPort = settings.Number("METRICS_PORT", 0, 1, 65_535) is > 0 and var metricsPort
                ? metricsPort
                : null,
            SiloHost = SiloHost(settings, isDevelopment),
            SiloPort = settings.Number("SILO_PORT", isDevelopment ? 0 : 11_111, 1, 65_535),
            GatewayPort = settings.Number("GATEWAY_PORT", isDevelopment ? 0 : 30_000, 1, 65_535),
            ClusterId = settings.Parsed(
                "CLUSTER_ID", DefaultClusterId, text => IsPlainName(text) ? text : null,
                "1 to 100 letters, digits, '-' or '_'"),
        };
        if (settings.Has("MIGRATION_DATABASE_URL") && !settings.Has("DATABASE_URL"))
            settings.Fault("DATABASE_URL", "is not set, but MIGRATION_DATABASE_URL is: set the silos' login, too", 0);
        RefuseSamePorts(settings, options);
        settings.ThrowIfFaulty();
        return options;
    }

    private static bool IsDevelopment(Settings settings)
    {
        string[] known = ["Development", "Staging", "Production"];
        var name = settings.Parsed(
            "ASPNETCORE_ENVIRONMENT", known[0],
            text => known.FirstOrDefault(one => one.Equals(text, StringComparison.OrdinalIgnoreCase)),
            "Development, Staging or Production");
        return name == known[0];
    }

    private static string? ConnectionString(Settings settings, string variable)
    {
        if (settings.Text(variable) is not { } text)
            return null;
        return DatabaseUrl.Parse(text, out var problem)
            ?? settings.Fault<string?>(variable, $"{problem}; it must be {DatabaseUrl.Allowed}", null);
    }

    private static ReadOnlyMemory<byte> JwtSecret(Settings settings, bool isDevelopment, bool serving)
    {
        if (settings.Text("JWT_SECRET") is not { } secret)
            return isDevelopment || !serving
                ? default
                : settings.Fault<ReadOnlyMemory<byte>>(
                    "JWT_SECRET",
                    "is not set, but must be outside Development: at least 32 random bytes, the same on every silo "
                    + "(try `openssl rand -base64 32`)",
                    default);
        return CheckedSecret(settings, "JWT_SECRET", secret, isDevelopment);
    }

    private static ReadOnlyMemory<byte> JwtSecretPrevious(Settings settings, bool isDevelopment)
    {
        const string name = "JWT_SECRET_PREVIOUS";
        if (settings.Text(name) is not { } secret) return default;
        if (!settings.Has("JWT_SECRET"))
            return settings.Fault<ReadOnlyMemory<byte>>(name, "is set, but JWT_SECRET, which signs, is not", default);
        return secret == settings.Text("JWT_SECRET")
            ? settings.Fault<ReadOnlyMemory<byte>>(name, "is the same as JWT_SECRET, but must differ", default)
            : CheckedSecret(settings, name, secret, isDevelopment);
    }

    private static ReadOnlyMemory<byte> CheckedSecret(
        Settings settings, string name, string secret, bool isDevelopment) =>
        JwtSecretRules.Problem(secret, strict: !isDevelopment) is { } problem
            ? settings.Fault<ReadOnlyMemory<byte>>(name, problem, default)
            : Encoding.UTF8.GetBytes(secret);

    private static TimeSpan? Retention(Settings settings) =>
        settings.Number("CANCELLED_BOOKING_RETENTION_DAYS", 30, 0, 36_500) is > 0 and var days
            ? TimeSpan.FromDays(days)
            : null;

    private static ImmutableArray<string> CorsOrigins(Settings settings, bool isDevelopment) =>
        settings.Parsed(
            "CORS_ORIGINS",
            isDevelopment ? ["*"] : [],
            text =>
            {
                const StringSplitOptions tidy = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
                ImmutableArray<string> origins = [.. text.Split(',', tidy).Select(origin => origin.TrimEnd('/'))];
                return origins.All(IsOrigin) ? origins : (ImmutableArray<string>?)null;
            },
            "'*' or a comma-separated list of origins such as https://shop.example:8443")!.Value;

    private static RateLimitOptions RateLimits(Settings settings) => new()
    {
        IsEnabled = settings.Flag("RATE_LIMIT_ENABLED", true),
        General = new(
            settings.Number("RATE_LIMIT_MAX_REQUESTS", 100, 1, 1_000_000_000),
            TimeSpan.FromMilliseconds(settings.Number("RATE_LIMIT_WINDOW_MS", 900_000, 1_000, 86_400_000))),
    };

    private static bool IsOrigin(string text) =>
        text == "*"
        || (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase)
            && url.UserInfo.Length == 0);

    private static (string? Email, string? Password) Admin(Settings settings, bool isDevelopment)
    {
        var (email, password) = (settings.Text("ADMIN_EMAIL"), settings.Text("ADMIN_PASSWORD"));
        if (email is null != password is null)
            settings.Fault(email is null ? "ADMIN_EMAIL" : "ADMIN_PASSWORD",
                $"is not set, but {(email is null ? "ADMIN_PASSWORD" : "ADMIN_EMAIL")} is: set both or neither", 0);
        // The value is personal, so it is not repeated.
        if (email is not null && AccountRules.FaultOfEmail(email) is not null)
            settings.Fault("ADMIN_EMAIL", "is no e-mail address; it must be one such as admin@shop.example", 0);
        if (password is not null && Encoding.UTF8.GetByteCount(password) is var bytes && bytes is < 8 or > 72)
            settings.Fault("ADMIN_PASSWORD", $"has {bytes} bytes, but must have 8 to 72", 0);
        else if (!isDevelopment && password is not null
                 && AccountRules.FaultOfNewPassword(password, email) is { } fault)
            settings.Fault("ADMIN_PASSWORD", $"can't be an admin's outside Development: it {fault}", 0);
        return (email, password);
    }

    private static IPAddress SiloHost(Settings settings, bool isDevelopment)
    {
        var otherwise = isDevelopment ? IPAddress.Loopback : Resolve(Dns.GetHostName()) ?? IPAddress.Loopback;
        return settings.Parsed(
            "SILO_HOST", otherwise, Resolve,
            "an address of this machine that the other silos reach, or a name that resolves to one (not 0.0.0.0)");
    }

    private static IPAddress? Resolve(string host)
    {
        if (IPAddress.TryParse(host, out var literal))
            return literal.Equals(IPAddress.Any) || literal.Equals(IPAddress.IPv6Any) ? null : literal;
        try
        {
            return Dns.GetHostAddresses(host)
                .OrderBy(address => IPAddress.IsLoopback(address))
                .ThenBy(address => address.AddressFamily != AddressFamily.InterNetwork)
                .FirstOrDefault();
        }
        catch (Exception unresolved) when (unresolved is SocketException or ArgumentException)
        {
            return null;
        }
    }

    private static void RefuseSamePorts(Settings settings, SiloOptions options)
    {
        (string Name, int Port)[] ports =
        [
            ("PORT", options.Port), ("SILO_PORT", options.SiloPort), ("GATEWAY_PORT", options.GatewayPort),
            ("METRICS_PORT", options.MetricsPort ?? 0),
        ];
        var shared = ports.Where(entry => entry.Port > 0)
            .GroupBy(entry => entry.Port)
            .Where(entries => entries.Count() > 1);
        foreach (var same in shared)
            settings.Fault(string.Join(" and ", same.Select(entry => entry.Name)),
                $"are both {same.Key}, but must differ", 0);
    }

    private static bool IsPlainName(string text) =>
        text.Length <= 100 && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');
}
