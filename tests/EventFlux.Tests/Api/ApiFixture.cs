using System.Security.Cryptography;
using System.Text;
using EventFlux.Contracts.Users;
using EventFlux.Grains;
using EventFlux.Grains.Events;
using EventFlux.Grains.Maintenance;
using EventFlux.Silo.Api;
using EventFlux.Silo.Authentication;
using EventFlux.Tests.Fixtures;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EventFlux.Tests.Api;

/// <summary>
/// A silo with the whole API on a database of its own, in this process and reached over HTTP. One for each test class;
/// tests keep apart by making events and users of their own.
/// </summary>
public class ApiFixture(PostgresServer server) : IAsyncLifetime
{
    private readonly TokenOptions _tokens = new(RandomNumberGenerator.GetBytes(32), TimeSpan.FromHours(1));
    private WebApplication _app = null!;

    public HttpClient Client { get; } = new(new SocketsHttpHandler
    {
        // Hostile headers are sent, not refused by the client.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
    });

    public TestDatabase Database { get; private set; } = null!;

    /// <summary>Somebody without a token.</summary>
    public ApiCaller Nobody => new(Client, Guid.Empty, null);

    /// <summary>How long an offer holds its tickets.</summary>
    protected virtual TimeSpan OfferDuration => TimeSpan.FromMinutes(15);

    public async ValueTask InitializeAsync()
    {
        Database = await server.CreateDatabaseAsync();
        _app = await StartAsync(port: FreePorts.Next());
        Client.BaseAddress = new(_app.Urls.Single());
    }

    /// <summary>Ends the silo and starts another on the same database and port: no memory outlives it.</summary>
    public async Task RestartAsync()
    {
        await _app.DisposeAsync();
        _app = await StartAsync(Client.BaseAddress!.Port);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public ApiCaller NewUser() => NewCaller(UserRole.User);

    public ApiCaller NewAdmin() => NewCaller(UserRole.Admin);

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

    private ApiCaller NewCaller(UserRole role)
    {
        var (id, now) = (Guid.NewGuid(), TimeProvider.System.GetUtcNow());
        var user = new UserProfile(id, $"{id:N}@example.org", "Test", "User", role, 1, now, now);
        return new(Client, id, _app.Services.GetRequiredService<TokenIssuer>().Issue(user).Token);
    }

    private async Task<WebApplication> StartAsync(int port)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePorts.Next(), FreePorts.Next()));
        builder.Services.AddSingleton(Database.DataSource);
        builder.Services.AddEventFluxGrains(
            new EventOptions { OfferDuration = OfferDuration }, new MaintenanceOptions());
        AddTokens(builder);
        builder.AddEventFluxApi(new ApiOptions());
        var app = builder.Build();
        app.UseEventFluxApi();
        app.MapEventFluxApi();
        await app.StartAsync();
        return app;
    }

    private void AddTokens(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_tokens);
        builder.Services.AddSingleton<TokenIssuer>();
        builder.Services.AddSingleton<TokenRevocations>();
        builder.Services.AddSingleton<IConfigureOptions<JwtBearerOptions>, TokenValidation>();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddAuthorizationBuilder().AddPolicy(Policies.Admin, policy => policy.RequireRole("admin"));
    }
}

/// <summary>The same with offers that end after three seconds.</summary>
public sealed class BriefOfferFixture(PostgresServer server) : ApiFixture(server)
{
    protected override TimeSpan OfferDuration => TimeSpan.FromSeconds(3);
}
