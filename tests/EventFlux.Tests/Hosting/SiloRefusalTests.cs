using System.Net;
using System.Net.Sockets;
using EventFlux.Tests.Fixtures;
using Npgsql;

namespace EventFlux.Tests.Hosting;

/// <summary>Every start that can't be: a line that says what to do, an exit code, no stack trace, nothing
/// else.</summary>
public sealed class SiloRefusalTests(PostgresServer server)
{
    [Fact]
    public async Task UnknownVerb_NamesTheVerbs() =>
        await AssertRefusedAsync([], "Unknown argument 'migrait'. Verbs: none (run a silo), migrate", "migrait");

    [Fact]
    public async Task PortInUse_NamesPortAndVariable()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await AssertRefusedAsync([("PORT", $"{port}")], $"Port {port} is in use");
        await AssertRefusedAsync([("SILO_PORT", $"{port}")], "set SILO_PORT to a free port");
    }

    [Fact]
    public async Task BadValues_AreAllNamedAndSecretsAreNot()
    {
        var errors = await RunAsync(
            [("PORT", "eighty"), ("JWT_SECRET", "hunter2"), ("DATABASE_URL", "postgresql://u:hunter3@/db")]);

        Assert.Equal(3, errors.Length);
        Assert.Contains(errors, line => line.StartsWith("PORT is 'eighty'", StringComparison.Ordinal));
        Assert.Contains(errors, line => line.StartsWith("JWT_SECRET has 7 bytes", StringComparison.Ordinal));
        Assert.Contains(errors, line => line.StartsWith("DATABASE_URL", StringComparison.Ordinal));
        Assert.DoesNotContain("hunter", string.Concat(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_WithoutSecret_Refuses() =>
        await AssertRefusedAsync(
            [("ASPNETCORE_ENVIRONMENT", "Production"), ("DATABASE_URL", server.ConnectionString)],
            "JWT_SECRET is not set");

    [Fact]
    public async Task DatabaseUnreachable_SaysWhere()
    {
        var port = FreePorts.Next();
        await AssertRefusedAsync(
            [("DATABASE_URL", $"postgresql://u:p@127.0.0.1:{port}/db")],
            $"Can't reach PostgreSQL at 127.0.0.1:{port}: nothing listens there.");
    }

    [Fact]
    public async Task DatabaseRefusesLogin_SaysWho() =>
        await AssertRefusedAsync(
            [("DATABASE_URL", With(login => login.Password = "wrong"))], "login of user 'eventflux'");

    [Fact]
    public async Task DatabaseMissing_SaysWhich() =>
        await AssertRefusedAsync(
            [("DATABASE_URL", With(login => login.Database = "nowhere"))], "no database 'nowhere'");

    [Fact]
    public async Task DatabaseNewer_Refuses()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using (var newer = database.DataSource.CreateCommand(
            "insert into schema_migrations (name, checksum) values ('9999_future.sql', 'x')"))
            await newer.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await AssertRefusedAsync(
            [("DATABASE_URL", database.ConnectionString)], "newer than this program (it has 9999_");
    }

    [Fact]
    public async Task DataFolderUnwritable_SaysWhatToSet() =>
        await AssertRefusedAsync([("EVENTFLUX_DATA_DIR", "/dev/null/eventflux")], "Set EVENTFLUX_DATA_DIR to a folder");

    [Fact]
    public async Task Migrate_EmptyDatabase_AppliesAllAndEnds()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();
        var environment = new Dictionary<string, string?>
        {
            // Needs no secret, in Production neither.
            ["DATABASE_URL"] = database.ConnectionString, ["ASPNETCORE_ENVIRONMENT"] = "Production",
        };

        await using var first = SiloProcess.Start(environment, "migrate");
        Assert.Equal(0, await first.WaitForExitAsync());
        Assert.Contains("applied 0001_", first.Output, StringComparison.Ordinal);

        await using var again = SiloProcess.Start(environment, "migrate");
        Assert.Equal(0, await again.WaitForExitAsync());
        Assert.Equal("The schema is current.", again.Output.Trim());
    }

    [Fact]
    public async Task Help_ListsVerbsAndVariables()
    {
        await using var help = SiloProcess.Start(null, "--help");

        Assert.Equal(0, await help.WaitForExitAsync());
        Assert.Contains("migrate", help.Output, StringComparison.Ordinal);
        Assert.Contains("verify --rebuild", help.Output, StringComparison.Ordinal);
        Assert.Contains("DATABASE_URL", help.Output, StringComparison.Ordinal);
    }

    private string With(Action<NpgsqlConnectionStringBuilder> change)
    {
        var login = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        change(login);
        return login.ConnectionString;
    }

    private static async Task AssertRefusedAsync(
        (string Name, string Value)[] environment, string expected, params string[] arguments)
    {
        var line = Assert.Single(await RunAsync(environment, arguments));
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    private static async Task<string[]> RunAsync((string Name, string Value)[] environment, params string[] arguments)
    {
        await using var folder = new DataFolder();
        var variables = new Dictionary<string, string?> { ["EVENTFLUX_DATA_DIR"] = folder.Path };
        foreach (var (name, value) in environment)
            variables[name] = value;
        await using var silo = SiloProcess.Start(variables, arguments);

        Assert.Equal(1, await silo.WaitForExitAsync());
        Assert.Equal("", silo.Output);
        Assert.DoesNotContain("   at ", silo.Errors, StringComparison.Ordinal);
        return silo.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
