using EventFlux.Tests.Api;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.AdminConsole;

/// <summary>A real silo with the console, and an admin and a user who signed up. Tests keep apart by making events of
/// their own.</summary>
public sealed class ConsoleSilo(PostgresServer server, Chromium browser) : IAsyncLifetime
{
    public const string AdminEmail = "operator@shop.example";
    public const string UserEmail = "visitor@shop.example";
    public const string Password = "a lantern under seven boats";

    private TestDatabase _database = null!;
    private SiloProcess _silo = null!;

    public Uri Address => _silo.Http.BaseAddress!;

    public HttpClient Http => _silo.Http;

    public string Log => _silo.Output + _silo.Errors;

    /// <summary>Variables of a silo whose first admin is the one of these tests.</summary>
    internal static Dictionary<string, string?> Variables(TestDatabase database, string secret) => new()
    {
        ["DATABASE_URL"] = database.ConnectionString,
        ["JWT_SECRET"] = secret,
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["SILO_HOST"] = "127.0.0.1",
        ["SHUTDOWN_DRAIN_SECONDS"] = "0",
        ["BCRYPT_COST"] = "10",
        ["ADMIN_EMAIL"] = AdminEmail,
        ["ADMIN_PASSWORD"] = Password,
    };

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _silo = await SiloProcess.StartReadyAsync(Variables(_database, new TokenMint().Secret));
        await SignUpAsync(UserEmail);
        Admin = await LogInAsync(AdminEmail);
    }

    /// <summary>The admin, over the API.</summary>
    public ApiCaller Admin { get; private set; } = null!;

    /// <summary>Somebody new, over the API.</summary>
    public async Task<ApiCaller> SignUpAsync(string? email = null)
    {
        email ??= $"buyer-{Guid.NewGuid():N}@shop.example";
        var answer = await new ApiCaller(Http, Guid.Empty, null).PostAsync(
            "/api/auth/register", new { email, password = Password, first_name = "Nora", last_name = "Quist" });
        return Caller(answer.Is(201));
    }

    public async Task<Guid> CreateEventAsync(string name, int capacity = 100)
    {
        var date = TimeProvider.System.GetUtcNow().AddDays(40);
        var body = new { name, venue = "The Old Mill", event_date = date, capacity, price = 12.5m };
        return (await Admin.PostAsync("/api/events", body)).Is(201).Id;
    }

    /// <summary>A new window, signed in.</summary>
    internal async Task<ConsoleVisit> VisitAsync(string place = "/console", string email = AdminEmail)
    {
        var visit = new ConsoleVisit(await browser.NewWindowAsync(Address.ToString()));
        await visit.SignInAsync(place, email);
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task<ApiCaller> LogInAsync(string email)
    {
        var answer = await new ApiCaller(Http, Guid.Empty, null)
            .PostAsync("/api/auth/login", new { email, password = Password });
        return Caller(answer.Is(200));
    }

    private ApiCaller Caller(ApiAnswer session) => new(
        Http, session.Json.GetProperty("user").GetProperty("id").GetGuid(),
        session.Json.GetProperty("token").GetString());
}

/// <summary>The classes that share one silo and its browser.</summary>
[CollectionDefinition]
public sealed class SharedConsole : ICollectionFixture<ConsoleSilo>;
