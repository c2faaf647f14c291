using EventFlux.Silo.Hosting;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Hosting;

/// <summary>The roles belong to a server, and the server of the other tests has them already: these start on one that
/// has not.</summary>
public sealed class FreshServerTests : IAsyncLifetime
{
    private readonly PostgresServer _server = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Migrations_OfSeveralDatabasesAtOnce_MakeTheRolesOnce()
    {
        var databases = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => _server.CreateEmptyDatabaseAsync()));
        await Task.WhenAll(databases.Select(MakeOwnerAsync));

        await Task.WhenAll(databases.Select((database, number) => MigrateAsync(OwnerOf(database, number % 2 == 0))));

        foreach (var (number, database) in databases.Index())
        {
            await SiloLogin.VerifyAsync(OwnerOf(database, number % 2 == 0), Token);
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task Migrations_ByAnOwnerThatMayNotMakeRoles_SayWhatToRunAndThenGoOn()
    {
        await using var database = await _server.CreateEmptyDatabaseAsync();
        await MakeOwnerAsync(database);
        var owner = OwnerOf(database, plain: true);
        await database.ExecuteAsync($"ALTER ROLE {new NpgsqlConnectionStringBuilder(owner).Username} NOCREATEROLE");

        var refusal = await Assert.ThrowsAsync<StartupException>(() => MigrateAsync(owner));

        var said = refusal.Message[refusal.Message.IndexOf("CREATE ROLE", StringComparison.Ordinal)..];
        await database.ExecuteAsync(said[..(said.LastIndexOf(';') + 1)]);
        await MigrateAsync(owner);
        await SiloLogin.VerifyAsync(owner, Token);
    }

    /// <summary>A login that owns the database and is no superuser, as managed servers give them.</summary>
    private static async Task MakeOwnerAsync(TestDatabase database)
    {
        var owner = new NpgsqlConnectionStringBuilder(OwnerOf(database, plain: true));
        await database.ExecuteAsync($"""
            CREATE ROLE {owner.Username} LOGIN CREATEROLE PASSWORD '{owner.Password}';
            ALTER DATABASE {owner.Database} OWNER TO {owner.Username};
            """);
    }

    private static string OwnerOf(TestDatabase database, bool plain)
    {
        var superuser = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        if (plain) superuser.Username = $"owner_of_{superuser.Database}";
        return superuser.ConnectionString;
    }

    private static Task<IReadOnlyList<string>> MigrateAsync(string owner) =>
        new MigrationRunner(owner, MigrationScript.Embedded()).RunAsync(Token);
}
