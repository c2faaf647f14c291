using System.Text;

namespace EventFlux.Silo.Hosting;

/// <summary>What the program was asked to do.</summary>
internal enum Verb
{
    /// <summary>No argument: run a silo.</summary>
    Serve,

    /// <summary>Bring the database to the current schema and end.</summary>
    Migrate,

    /// <summary>Compare what is kept as sums with the rows and end.</summary>
    Verify,

    /// <summary>Set those sums right and end.</summary>
    Rebuild,

    /// <summary>Print verbs and variables and end.</summary>
    Help,
}

/// <summary>The arguments behind <c>--</c>. All the rest is configuration.</summary>
internal static class CommandLine
{
    private static readonly (string Name, string Default, string Meaning)[] Variables =
    [
        ("DATABASE_URL", "a private local PostgreSQL", DatabaseUrl.Allowed),
        ("MIGRATION_DATABASE_URL", "DATABASE_URL", "the tables' owner, for migrations alone"),
        ("EVENTFLUX_DATA_DIR", "the user's data folder", "where the private PostgreSQL keeps its data"),
        ("PORT", "3000", "HTTP"),
        ("METRICS_PORT", "none", "/metrics on a port of its own instead"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "none", "where traces and metrics are sent; also the other OTEL_ variables"),
        ("ASPNETCORE_ENVIRONMENT", "Development", "Development, Staging or Production"),
        ("JWT_SECRET", "random in Development", "signs tokens; at least 32 bytes, the same on every silo"),
        ("JWT_SECRET_PREVIOUS", "none", "a second secret whose tokens are honoured, while the first is changed"),
        ("JWT_EXPIRES_IN", "24h", "90s, 15m, 24h, 7d"),
        ("ADMIN_EMAIL, ADMIN_PASSWORD", "none", "creates the first admin"),
        ("BCRYPT_COST", "11", "of password hashes, 10 to 15; each step doubles the time"),
        ("MAX_TICKETS_PER_USER", "10", "tickets a booking"),
        ("MAX_CONCURRENT_REQUESTS", "1024 a processor", "requests under way at once; the rest is told to come back"),
        ("WAITLIST_OFFER_MINUTES", "15", "how long an offer holds its tickets; decimals allowed"),
        ("HOLD_MINUTES", "10", "how long a checkout holds its tickets; decimals allowed"),
        ("CANCELLED_BOOKING_RETENTION_DAYS", "30", "when cancelled bookings are removed; 0 never"),
        ("CORS_ORIGINS", "any in Development, else none", "comma-separated"),
        ("RATE_LIMIT_ENABLED", "true", "false turns every limit off"),
        ("RATE_LIMIT_WINDOW_MS", "900000", "the general limit's window; the same on every silo"),
        ("RATE_LIMIT_MAX_REQUESTS", "100", "requests of a client address in it, over all silos"),
        ("TRUSTED_PROXIES", "none", "who may name the client's address: addresses or networks, comma-separated"),
        ("DASHBOARD_ENABLED", "true", "Orleans Dashboard at /dashboard, for admins"),
        ("SHUTDOWN_DRAIN_SECONDS", "0 in Development, else 5", "serve on after turning unready"),
        ("SILO_HOST", "127.0.0.1 in Development", "address for the other silos"),
        ("SILO_PORT, GATEWAY_PORT", "11111, 30000", "Orleans; the next free ones in Development"),
        ("CLUSTER_ID", "eventflux", "silos with the same one and the same database form a cluster"),
    ];

    /// <exception cref="StartupException">An argument that is no verb.</exception>
    public static Verb Parse(string[] arguments) => arguments switch
    {
        [] => Verb.Serve,
        ["migrate"] => Verb.Migrate,
        ["--help" or "-h" or "help"] => Verb.Help,
        ["verify"] => Verb.Verify,
        ["verify", "--rebuild"] => Verb.Rebuild,
        ["verify", "--rebuild", var extra, ..] => throw Unknown(extra),
        ["migrate" or "verify", var extra, ..] => throw Unknown(extra),
        [var first, ..] => throw Unknown(first),
    };

    public static string Help()
    {
        var text = new StringBuilder()
            .AppendLine("EventFlux: a silo with the REST API in one process.")
            .AppendLine()
            .AppendLine("Verbs (dotnet run --project src/EventFlux.Silo -- <verb>):")
            .AppendLine("  (none)    run a silo; a second one with another PORT joins it")
            .AppendLine("  migrate   bring the database to the current schema and end")
            .AppendLine("  verify    recompute from the rows what is kept as sums (counters, daily books, buyers,")
            .AppendLine("            sign-ups, sums of days), print each difference, end with 1 if there is one;")
            .AppendLine("            silos may sell on; the schema must be current: nothing is migrated")
            .AppendLine("  verify --rebuild")
            .AppendLine("            the same, then set right what differs and verify again; silos may sell on: what")
            .AppendLine("            is missing is added to the sums, and the silo that has an event whose counters")
            .AppendLine("            were set reads it anew")
            .AppendLine("  --help    this text")
            .AppendLine()
            .AppendLine("Environment variables, or the same keys in appsettings.json (default in brackets):");
        foreach (var (name, otherwise, meaning) in Variables)
            text.AppendLine($"  {name,-33} {meaning} [{otherwise}]");
        return text.ToString();
    }

    private static StartupException Unknown(string argument) =>
        new($"Unknown argument '{argument.ReplaceLineEndings(" ")}'. "
            + "Verbs: none (run a silo), migrate, verify, verify --rebuild, --help.");
}
