using System.Text;
using EventFlux.Contracts.Users;
using EventFlux.Silo.Authentication;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Api;

/// <summary>Two silo processes of one cluster, with the operator's admin, shared by the tests of accounts.</summary>
public sealed class AuthSilos(PostgresServer postgres) : IAsyncLifetime
{
    public const string AdminEmail = "operator@shop.example";
    public const string AdminPassword = "a long admin password";
    private const string Secret = "tests-of-accounts-sign-with-this-0123456789-abc";

    private TestDatabase _database = null!;

    public SiloProcess First { get; private set; } = null!;

    public SiloProcess Second { get; private set; } = null!;

    public TestDatabase Database => _database;

    /// <summary>What a silo of this cluster is told.</summary>
    public Dictionary<string, string?> Environment => new()
    {
        ["DATABASE_URL"] = _database.ConnectionString,
        ["JWT_SECRET"] = Secret,
        ["ADMIN_EMAIL"] = AdminEmail,
        ["ADMIN_PASSWORD"] = AdminPassword,
        ["RATE_LIMIT_ENABLED"] = "false",
    };

    /// <summary>A token for whoever is named, as any holder of the secret could sign it.</summary>
    public static string Sign(Guid userId, int version = 1, TimeSpan? age = null)
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(
            TimeProvider.System.GetUtcNow() - (age ?? TimeSpan.Zero));
        var issuer = new TokenIssuer(new(Encoding.UTF8.GetBytes(Secret), TimeSpan.FromHours(1)), clock);
        return issuer.Issue(
            new(userId, "nobody@shop.example", "No", "Body", UserRole.User, version, default, default)).Token;
    }

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync();
        // Both at once: each wants to create the admin.
        var silos = await Task.WhenAll(
            SiloProcess.StartReadyAsync(Environment), SiloProcess.StartReadyAsync(Environment));
        (First, Second) = (silos[0], silos[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>One pair of silos for all of these tests, which then run one after the other: one of them takes
/// times.</summary>
[CollectionDefinition]
public sealed class AuthSilosCollection : ICollectionFixture<AuthSilos>;
