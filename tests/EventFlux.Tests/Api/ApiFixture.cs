using System.Security.Cryptography;
using System.Text;
using EventFlux.Contracts.Users;
using EventFlux.Silo.Api;
using EventFlux.Silo.Authentication;
using EventFlux.Silo.Hosting;
using EventFlux.Silo.Observability;
using EventFlux.Silo.RateLimiting;
using EventFlux.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventFlux.Tests.Api;

/// <summary>
/// A silo with the whole API on a database of its own, in this process and reached over HTTP. Tests keep apart by
/// making events and users of their own; a class that counts all there is takes a fixture for itself.
/// </summary>
public class ApiFixture(PostgresServer server) : IAsyncLifetime
{
    private readonly string _secret = RandomNumberGenerator.GetHexString(64);
    private WebApplication _app = null!;

    public HttpClient Client { get; } = new(new SocketsHttpHandler
    {
        // Hostile headers are sent, not refused by the client.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
    });

    public TestDatabase Database { get; private set; } = null!;

    /// <summary>Somebody without a token.</summary>
    public ApiCaller Nobody => new(Client, Guid.Empty, null);

    /// <summary>What an operator would say in the environment.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        // Thousands of requests come from one address here.
        ["RATE_LIMIT_ENABLED"] = "false",
    };

    /// <summary>How long an offer holds its tickets.</summary>
    protected virtual string OfferMinutes => "15";

    /// <summary>Origins that browsers may call from.</summary>
    protected virtual string? CorsOrigins => null;

    protected virtual TimeSpan RequestTimeout => ServerLimits.RequestTimeout;

    public async ValueTask InitializeAsync()
    {
        Database = await server.CreateDatabaseAsync();
        var port = FreePorts.Next();
        _app = await StartAsync(port);
        Client.BaseAddress = new($"http://127.0.0.1:{port}");
    }

    /// <summary>Ends the silo and starts another on the same database and port: no memory outlives it.</summary>
    public async Task RestartAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = await StartAsync(Client.BaseAddress!.Port);
    }

    public virtual async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the silo under test is made of, for what can't be seen over HTTP.</summary>
    public IServiceProvider Services => _app.Services;

    public ApiCaller NewUser() => Caller(Guid.NewGuid(), UserRole.User);

    public ApiCaller NewAdmin() => Caller(Guid.NewGuid(), UserRole.Admin);

    /// <summary>An active event, made over HTTP.</summary>
    /// <param name="ahead">From now to its date; 30 days when not given.</param>
    public async Task<Guid> CreateEventAsync(
        int capacity, TimeSpan? ahead = null, decimal price = 10m, string status = "active", ApiCaller? creator = null)
    {
        var body = new
        {
            name = "A concert",
            venue = "A hall",
            event_date = TimeProvider.System.GetUtcNow() + (ahead ?? TimeSpan.FromDays(30)),
            capacity,
            price,
            status,
        };
        return (await (creator ?? NewAdmin()).PostAsync("/api/events", body)).Is(201).Id;
    }

    /// <summary>An event whose date comes soon: in a second, or later when the request itself took so long that the
    /// date had come before it was read.</summary>
    public async Task<ApiAnswer> CreateEventSoonAsync(
        TimeSpan? ahead = null, params (string Member, object? Value)[] members)
    {
        var admin = NewAdmin();
        for (var lead = ahead ?? TimeSpan.FromSeconds(1); ; lead *= 2)
        {
            var date = TimeProvider.System.GetUtcNow() + lead;
            var created = await admin.PostAsync("/api/events", EventBody.With([("event_date", date), .. members]));
            if (created.Status != 400 || TimeProvider.System.GetUtcNow() < date) return created.Is(201);
        }
    }

    /// <summary>An event whose date has come.</summary>
    public async Task<Guid> CreateCompletedEventAsync(string? category = null)
    {
        var (admin, id) = (NewAdmin(), (await CreateEventSoonAsync(members: ("category", category))).Id);
        await Waiting.ForAsync(
            () => admin.GetAsync($"/api/events/{id}"), answer => answer.Text("status") == "completed");
        return id;
    }

    /// <summary>Somebody with a token for that id and role; nobody needs to have registered.</summary>
    public ApiCaller Caller(Guid id, UserRole role)
    {
        var now = TimeProvider.System.GetUtcNow();
        var user = new UserProfile(id, $"{id:N}@example.org", "Test", "User", role, 1, now, now);
        return new(Client, id, _app.Services.GetRequiredService<TokenIssuer>().Issue(user).Token);
    }

    /// <summary>As the program puts itself together, with what an operator would say in the environment.</summary>
    private async Task<WebApplication> StartAsync(int port)
    {
        var environment = new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = Database.ConnectionString,
            ["JWT_SECRET"] = _secret,
            ["PORT"] = $"{port}",
            ["SILO_PORT"] = $"{FreePorts.Next()}",
            ["GATEWAY_PORT"] = $"{FreePorts.Next()}",
            ["WAITLIST_OFFER_MINUTES"] = OfferMinutes,
            ["CORS_ORIGINS"] = CorsOrigins,
        };
        foreach (var (name, value) in Settings) environment[name] = value;
        var options = SiloOptionsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(environment).Build());
        var builder = HostSetup.CreateBuilder()
            .AddEventFluxHost(options)
            .AddEventFluxCluster(options)
            .AddEventFluxObservability(options)
            .AddEventFluxRateLimits(options)
            .AddEventFluxAuthentication(options)
            .AddEventFluxApi(ApiOptions.From(options) with { RequestTimeout = RequestTimeout });
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.UseEventFluxApi();
        app.MapEventFluxHealth();
        app.MapEventFluxApi();
        await app.StartAsync();
        return app;
    }
}

/// <summary>The same with offers that end after three seconds.</summary>
public sealed class BriefOfferFixture(PostgresServer server) : ApiFixture(server)
{
    protected override string OfferMinutes => "0.05";
}

/// <summary>The classes that share one silo, since starting one takes seconds.</summary>
[CollectionDefinition]
public sealed class SharedApi : ICollectionFixture<ApiFixture>;
