using System.Net;
using System.Text;
using EventFlux.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace EventFlux.Tests.Hosting;

public sealed class SiloOptionsReaderTests
{
    private const string Strong = "pU3vX9kQ2mZ7wB5nR8tY1cF6hJ4dG0sL";

    [Fact]
    public void Read_NothingSet_HasTheDefaultsOfDevelopment()
    {
        var options = Read();

        Assert.True(options.IsDevelopment);
        Assert.Null(options.ConnectionString);
        Assert.Null(options.MigrationConnectionString);
        Assert.Equal(0, options.JwtSecret.Length);
        Assert.Equal(TimeSpan.FromHours(24), options.JwtLifetime);
        Assert.Equal(10, options.MaxTicketsPerUser);
        Assert.Equal(TimeSpan.FromMinutes(15), options.WaitlistOfferDuration);
        Assert.Equal(TimeSpan.FromDays(30), options.CancelledBookingRetention);
        Assert.Equal(TimeSpan.Zero, options.ShutdownDrain);
        Assert.Equal(3000, options.Port);
        Assert.Null(options.MetricsPort);
        Assert.Equal(IPAddress.Loopback, options.SiloHost);
        Assert.Equal("eventflux", options.ClusterId);
        Assert.Null(options.AdminEmail);
        Assert.True(options.RateLimits.IsEnabled);
        Assert.Equal(new(100, TimeSpan.FromMinutes(15)), options.RateLimits.General);
        Assert.Empty(options.TrustedProxies);
    }

    [Fact]
    public void Read_Production_HasItsOwnDefaults()
    {
        var options = Read(("ASPNETCORE_ENVIRONMENT", "production"), ("JWT_SECRET", Strong));

        Assert.False(options.IsDevelopment);
        Assert.Equal(Strong, Encoding.UTF8.GetString(options.JwtSecret.Span));
        Assert.Empty(options.CorsOrigins);
        Assert.Equal(TimeSpan.FromSeconds(5), options.ShutdownDrain);
        Assert.Equal((11_111, 30_000), (options.SiloPort, options.GatewayPort));
    }

    [Fact]
    public void Read_VariableSetToNothing_CountsAsNotSet() => Assert.Equal(3000, Read(("PORT", " ")).Port);

    [Fact]
    public void Read_MetricsPort_IsTaken_ButNotOneThatServesAlready()
    {
        Assert.Equal(9464, Read(("METRICS_PORT", "9464")).MetricsPort);
        var refusal = Assert.Throws<StartupException>(() => Read(("PORT", "9464"), ("METRICS_PORT", "9464")));
        Assert.Contains("PORT and METRICS_PORT", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("24h", 86_400)]
    [InlineData("7d", 604_800)]
    public void Read_Lifetime_TakesEachUnit(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read(("JWT_EXPIRES_IN", text)).JwtLifetime);

    [Fact]
    public void Read_OfferMinutes_TakesDecimals() =>
        Assert.Equal(TimeSpan.FromSeconds(3), Read(("WAITLIST_OFFER_MINUTES", "0.05")).WaitlistOfferDuration);

    [Fact]
    public void Read_RetentionZero_KeepsForEver() =>
        Assert.Null(Read(("CANCELLED_BOOKING_RETENTION_DAYS", "0")).CancelledBookingRetention);

    [Fact]
    public void Read_CorsOrigins_AreSplit() =>
        Assert.Equal(
            ["https://shop.example", "http://localhost:5173"],
            Read(("CORS_ORIGINS", "https://shop.example/, http://localhost:5173")).CorsOrigins);

    [Fact]
    public void Read_RateLimits_AreTaken()
    {
        var options = Read(
            ("RATE_LIMIT_ENABLED", "False"), ("RATE_LIMIT_MAX_REQUESTS", "7"), ("RATE_LIMIT_WINDOW_MS", "1500"));

        Assert.False(options.RateLimits.IsEnabled);
        Assert.Equal(new(7, TimeSpan.FromSeconds(1.5)), options.RateLimits.General);
    }

    [Fact]
    public void Read_TrustedProxies_AreAddressesAndNetworks() =>
        Assert.Equal(
            ["10.1.0.0/16", "192.0.2.7/32", "2001:db8::/32", "::1/128"],
            Read(("TRUSTED_PROXIES", "10.1.0.0/16, 192.0.2.7,2001:db8::/32,::1")).TrustedProxies
                .Select(network => $"{network}"));

    [Theory]
    [InlineData("PORT", "0")]
    [InlineData("PORT", "65536")]
    [InlineData("PORT", "3000.5")]
    [InlineData("SILO_PORT", "x")]
    [InlineData("GATEWAY_PORT", "-1")]
    [InlineData("JWT_EXPIRES_IN", "24")]
    [InlineData("JWT_EXPIRES_IN", "0h")]
    [InlineData("JWT_EXPIRES_IN", "1.5h")]
    [InlineData("JWT_EXPIRES_IN", "2147483647d")]
    [InlineData("JWT_SECRET", "short")]
    [InlineData("ASPNETCORE_ENVIRONMENT", "Prod")]
    [InlineData("MAX_TICKETS_PER_USER", "0")]
    [InlineData("WAITLIST_OFFER_MINUTES", "0")]
    [InlineData("WAITLIST_OFFER_MINUTES", "1e9")]
    [InlineData("CANCELLED_BOOKING_RETENTION_DAYS", "-1")]
    [InlineData("CORS_ORIGINS", "shop.example")]
    [InlineData("CORS_ORIGINS", "https://shop.example/path")]
    [InlineData("RATE_LIMIT_ENABLED", "yes")]
    [InlineData("RATE_LIMIT_WINDOW_MS", "999")]
    [InlineData("RATE_LIMIT_WINDOW_MS", "86400001")]
    [InlineData("RATE_LIMIT_MAX_REQUESTS", "0")]
    [InlineData("TRUSTED_PROXIES", "proxy.example")]
    [InlineData("TRUSTED_PROXIES", "10.1.2.3/33")]
    [InlineData("TRUSTED_PROXIES", "10")]
    [InlineData("TRUSTED_PROXIES", "10.0.0.1;10.0.0.2")]
    [InlineData("TRUSTED_PROXIES", "0.0.0.0/0")]
    [InlineData("TRUSTED_PROXIES", "::/0")]
    [InlineData("SHUTDOWN_DRAIN_SECONDS", "-1")]
    [InlineData("SILO_HOST", "0.0.0.0")]
    [InlineData("CLUSTER_ID", "a b")]
    [InlineData("JWT_SECRET_PREVIOUS", "short")]
    [InlineData("JWT_SECRET_PREVIOUS", Strong)]
    [InlineData("BCRYPT_COST", "9")]
    [InlineData("BCRYPT_COST", "16")]
    [InlineData("ADMIN_EMAIL", "admin@shop.example")]
    [InlineData("ADMIN_PASSWORD", "long enough")]
    [InlineData("DATABASE_URL", "mysql://u:p@h/d")]
    [InlineData("DATABASE_URL", "postgresql://h")]
    [InlineData("DATABASE_URL", "postgresql://u:p@h/d?sslmod=require")]
    [InlineData("DATABASE_URL", "postgresql://u:p@h/d?sslmode=maybe")]
    [InlineData("DATABASE_URL", "postgresql://u:p@h1,h2/d")]
    [InlineData("DATABASE_URL", "Host=h")]
    [InlineData("DATABASE_URL", "Host=h;Database=d;Colour=red")]
    [InlineData("DATABASE_URL", "nonsense")]
    public void Read_BadValue_IsOneLineThatNamesAVariable(string name, string value)
    {
        var refusal = Assert.Throws<StartupException>(() => Read((name, value)));

        Assert.Matches("^(ADMIN_EMAIL|ADMIN_PASSWORD|" + name + ") [^\n]+\\.$", refusal.Message);
    }

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("abcabcabcabcabcabcabcabcabcabcabcabcabc")]
    [InlineData("this-is-my-Secret-and-it-is-long-enough")]
    [InlineData("changeme-changeme-changeme-changeme-xyz")]
    public void Read_EasySecret_IsRefusedOutsideDevelopmentAlone(string secret)
    {
        Assert.Equal(secret.Length, Read(("JWT_SECRET", secret)).JwtSecret.Length);

        var refusal = Assert.Throws<StartupException>(
            () => Read(("ASPNETCORE_ENVIRONMENT", "Production"), ("JWT_SECRET", secret)));

        Assert.Contains("easy to guess", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Strong, "is the same as JWT_SECRET")]
    [InlineData("short", "has 5 bytes")]
    [InlineData("this-is-my-Secret-and-it-is-long-enough", "is easy to guess")]
    public void Read_PreviousSecret_FollowsTheSameRulesAndDiffers(string previous, string complaint)
    {
        var refusal = Assert.Throws<StartupException>(() => Read(
            ("ASPNETCORE_ENVIRONMENT", "Production"), ("JWT_SECRET", Strong), ("JWT_SECRET_PREVIOUS", previous)));

        Assert.StartsWith($"JWT_SECRET_PREVIOUS {complaint}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(previous, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TwoSecrets_KeepsBoth()
    {
        var options = Read(("JWT_SECRET", Strong), ("JWT_SECRET_PREVIOUS", Strong[1..] + "7"));

        Assert.Equal(Strong, Encoding.UTF8.GetString(options.JwtSecret.Span));
        Assert.Equal(Strong[1..] + "7", Encoding.UTF8.GetString(options.JwtSecretPrevious.Span));
    }

    [Theory]
    [InlineData("password123")]
    [InlineData("Operator")]
    [InlineData("eventflux-2026")]
    public void Read_GuessableAdminPassword_IsRefusedOutsideDevelopmentAlone(string password)
    {
        (string, string)[] admin = [("ADMIN_EMAIL", "operator@shop.example"), ("ADMIN_PASSWORD", password)];
        Assert.Equal(password, Read(admin).AdminPassword);

        var refusal = Assert.Throws<StartupException>(
            () => Read([("ASPNETCORE_ENVIRONMENT", "Production"), ("JWT_SECRET", Strong), .. admin]));

        Assert.Matches("^ADMIN_PASSWORD [^\n]+\\.$", refusal.Message);
        Assert.DoesNotContain(password, refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Read_SeveralFaults_NamesThemAll()
    {
        var refusal = Assert.Throws<StartupException>(
            () => Read(("PORT", "x"), ("MAX_TICKETS_PER_USER", "x"), ("SILO_HOST", "no host")));

        Assert.Equal(3, refusal.Message.Split('\n').Length);
    }

    [Fact]
    public void Read_OnePortTwice_IsRefused()
    {
        var refusal = Assert.Throws<StartupException>(() => Read(("PORT", "4000"), ("SILO_PORT", "4000")));

        Assert.Contains("PORT and SILO_PORT are both 4000", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "postgresql://us%40er:p%3A%2Fw@db.example:6432/my%20db?sslmode=verify-full",
        "us@er", "p:/w", 6432, "my db", SslMode.VerifyFull)]
    [InlineData("postgres://user:word@db.example/shop?sslmode=require", "user", "word", 5432, "shop", SslMode.Require)]
    [InlineData(
        "Host=db.example;Port=7000;Username=user;Password=a=b;Database=shop",
        "user", "a=b", 7000, "shop", SslMode.Prefer)]
    public void Read_DatabaseUrl_BothFormsMeanTheSame(
        string url, string user, string password, int port, string database, SslMode sslMode)
    {
        var read = new NpgsqlConnectionStringBuilder(Read(("DATABASE_URL", url)).ConnectionString);

        Assert.Equal("db.example", read.Host);
        Assert.Equal((user, password, port, database, sslMode),
            (read.Username, read.Password, read.Port, read.Database, read.SslMode));
    }

    [Fact]
    public void Read_OwnerWithoutSilosLogin_IsRefused()
    {
        var refusal = Assert.Throws<StartupException>(() => Read(("MIGRATION_DATABASE_URL", "postgresql://o:p@h/d")));

        Assert.StartsWith("DATABASE_URL is not set, but MIGRATION_DATABASE_URL is", refusal.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Migrate_NeedsNoSecret()
    {
        var options = SiloOptionsReader.Read(Configuration(("ASPNETCORE_ENVIRONMENT", "Production")), serving: false);

        Assert.False(options.IsDevelopment);
    }

    private static SiloOptions Read(params (string, string)[] variables) =>
        SiloOptionsReader.Read(Configuration(variables));

    private static IConfiguration Configuration(params (string Name, string Value)[] variables) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(variables.ToDictionary(entry => entry.Name, entry => (string?)entry.Value))
            .Build();
}
