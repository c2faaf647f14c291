using EventFlux.Grains.Storage;
using EventFlux.Silo.Hosting;
using EventFlux.Tests.Faults;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EventFlux.Tests.Hosting;

/// <summary>Whoever logs in, the silo's connections are those of a role that owns nothing; where it has a login of its
/// own, there is no way back to the owner either.</summary>
public sealed class SiloLoginTests(PostgresServer server) : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await server.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData("-c statement_timeout=7s")]
    [InlineData(null)]
    public async Task Pools_AlsoWhenAConnectionIsUsedAgain_WorkAsTheSilosRole(string? given)
    {
        var url = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Options = given };
        await using var services = new ServiceCollection()
            .AddEventFluxDataSources(OptionsWith(url.ConnectionString)).BuildServiceProvider();
        NpgsqlDataSource[] pools =
        [
            services.GetRequiredService<NpgsqlDataSource>(),
            services.GetRequiredKeyedService<NpgsqlDataSource>(EventStore.Pool),
            services.GetRequiredKeyedService<NpgsqlDataSource>(DataSources.Membership),
        ];

        foreach (var pool in (NpgsqlDataSource[])[.. pools, .. pools])
        {
            Assert.Equal(DatabaseRoles.Silo, await AskAsync(pool, "SELECT current_user::text"));
            Assert.Equal(given is null ? "0" : "7s", await AskAsync(pool, "SHOW statement_timeout"));
            Assert.Equal("15", await AskAsync(pool, "SHOW tcp_keepalives_idle"));
        }
    }

    [Theory]
    [InlineData(
        EventCommitSql.FenceOfSeveral,
        "uuid[], bigint[], integer[], integer[], integer[], integer[], integer[], boolean[]")]
    [InlineData(EventCommitSql.CancelBookings, "uuid[], timestamptz[]")]
    [InlineData(EventCommitSql.ChangeEntries, "uuid[], text[], timestamptz[], timestamptz[], timestamptz[], json[]")]
    [InlineData(SeatCommitSql.ChangeHolds, "uuid[], text[], timestamptz[], boolean[], timestamptz[]")]
    public async Task Commits_PlannedWhenTheTablesAreNewOrKnownToBeEmpty_ReadNoWholeTable(string sql, string types)
    {
        await AssertReadsNoWholeTableAsync(sql, types);
        await using (var owner = NpgsqlDataSource.Create(_database.ConnectionString))
        {
            foreach (var table in (string[])["event_inventory", "bookings", "waitlist_entries", "holds"])
            {
                await using var vacuum = owner.CreateCommand($"VACUUM ANALYZE {table}");
                await vacuum.ExecuteNonQueryAsync(Token);
            }
        }

        await AssertReadsNoWholeTableAsync(sql, types);
    }

    [Fact]
    public Task SeatsGivenUp_PlannedWhenTheTableIsNew_ReadNoWholeTable() =>
        AssertReadsNoWholeTableAsync(SeatCommitSql.GiveUpSeats, "uuid[], text[]");

    [Fact]
    public async Task Ensure_AnyNumberAtOnce_MakesALoginThatCanNotBecomeTheOwner()
    {
        var login = NewLogin();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => SiloLogin.EnsureAsync(_database.ConnectionString, login, Token)));
        await SiloLogin.VerifyAsync(login, Token);

        await using var silo = NpgsqlDataSource.Create(SiloLogin.AsSilo(login).ConnectionString);
        await using var connection = await silo.OpenConnectionAsync(Token);
        await AssertRefusedAsync($"SET ROLE {LocalPostgres.UserName}");
        foreach (var reset in (string[])["RESET ROLE", "SET ROLE NONE", "SET SESSION AUTHORIZATION DEFAULT"])
        {
            await using (var command = new NpgsqlCommand(reset, connection)) await command.ExecuteNonQueryAsync(Token);
            await AssertRefusedAsync("DROP TABLE bookings");
            await AssertRefusedAsync("ALTER TABLE bookings DISABLE ROW LEVEL SECURITY");
            await AssertRefusedAsync("DELETE FROM events");
        }

        async Task AssertRefusedAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Token));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }

    [Fact]
    public async Task Ensure_NewLogin_SendsNoPassword()
    {
        var login = NewLogin();
        await SiloLogin.EnsureAsync(_database.ConnectionString, login, Token);

        var (name, password) = (new NpgsqlConnectionStringBuilder(login).Username!, Password(login));
        var kept = await _database.ScalarAsync<string>("SELECT rolpassword FROM pg_authid WHERE rolname = $1", name);

        Assert.StartsWith("SCRAM-SHA-256$4096:", kept, StringComparison.Ordinal);
        Assert.DoesNotContain(password, kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ensure_OwnerThatMayNotMakeLogins_SaysWhatToRun()
    {
        var (owner, login) = (NewLogin(), NewLogin());
        await SiloLogin.EnsureAsync(_database.ConnectionString, owner, Token);

        var refusal = await Assert.ThrowsAsync<StartupException>(() => SiloLogin.EnsureAsync(owner, login, Token));

        Assert.Contains($"CREATE ROLE \"{new NpgsqlConnectionStringBuilder(login).Username}\" LOGIN", refusal.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain(Password(login), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_LoginThatIsNoMember_SaysWhatToRun()
    {
        var login = NewLogin();
        var name = new NpgsqlConnectionStringBuilder(login).Username;
        await SiloLogin.EnsureAsync(_database.ConnectionString, login, Token);
        await _database.ExecuteAsync($"REVOKE eventflux_user FROM {name}");
        await AssertRefusedAsync();
        await _database.ExecuteAsync($"REVOKE eventflux_silo FROM {name}");
        await AssertRefusedAsync();

        async Task AssertRefusedAsync() => Assert.Contains(
            $"GRANT eventflux_silo, eventflux_user TO \"{name}\"",
            (await Assert.ThrowsAsync<StartupException>(() => SiloLogin.VerifyAsync(login, Token))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OtherDatabaseThanTheOwners_Refuses()
    {
        await using var empty = await server.CreateEmptyDatabaseAsync();

        var refusal = await Assert.ThrowsAsync<StartupException>(
            () => SiloLogin.VerifyAsync(empty.ConnectionString, Token));

        Assert.Contains("names another database", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The owner's login is given to <c>migrate</c> alone; the silo never sees it.</summary>
    [Fact]
    public async Task Silo_MigratedByAnother_ServesUnderItsOwnLogin()
    {
        await using var database = await server.CreateEmptyDatabaseAsync();
        var login = new NpgsqlConnectionStringBuilder(NewLogin())
        {
            Database = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database, Pooling = true,
        };
        var owner = new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = login.ConnectionString, ["MIGRATION_DATABASE_URL"] = database.ConnectionString,
        };
        await using (var migrate = SiloProcess.Start(owner, "migrate"))
            Assert.Equal((0, ""), (await migrate.WaitForExitAsync(), migrate.Errors));

        await using var silos = new SiloGroup(login.ConnectionString);
        var silo = await silos.StartAsync();
        var sold = await silos.CreateEventAsync(silo, 1);
        var (ada, ben) = (silos.User(silo), silos.User(silo));
        (await ada.PostAsync("/api/bookings", new { event_id = sold, quantity = 1 })).Is(201);
        (await ben.PostAsync("/api/waitlist/join", new { event_id = sold, quantity = 1 })).Is(201);

        Assert.Equal(1, (await ben.GetAsync("/api/waitlist")).Is(200).Int("total"));
        Assert.Equal(login.Username, await database.ScalarAsync<string>("""
            SELECT string_agg(DISTINCT usename::text, ' ') FROM pg_stat_activity
             WHERE datname = current_database() AND application_name LIKE 'eventflux%'
            """));
    }

    /// <summary>Every scan of an index has a condition; there is no other scan.</summary>
    private async Task AssertReadsNoWholeTableAsync(string sql, string types)
    {
        await using var services = new ServiceCollection()
            .AddEventFluxDataSources(OptionsWith(_database.ConnectionString)).BuildServiceProvider();
        await using var connection = await services
            .GetRequiredKeyedService<NpgsqlDataSource>(EventStore.Pool).OpenConnectionAsync(Token);
        var nothing = string.Join(", ", types.Split(", ").Select(_ => "'{}'"));
        foreach (var text in (string[])[
            "SET plan_cache_mode = force_generic_plan", $"PREPARE kept ({types}) AS {sql}"])
        {
            await using var setting = new NpgsqlCommand(text, connection);
            await setting.ExecuteNonQueryAsync(Token);
        }

        var plan = new List<string>();
        await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE kept ({nothing})", connection);
        await using var reader = await explain.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token)) plan.Add(reader.GetString(0));

        int Lines(string words) => plan.Count(line => line.Contains(words, StringComparison.Ordinal));
        var told = string.Join('\n', plan);
        Assert.True(Lines("Index Scan") > 0 && Lines("Index Scan") == Lines("Index Cond"), told);
        Assert.True(Lines("Seq Scan") == 0, told);
    }

    private static async Task<string?> AskAsync(NpgsqlDataSource pool, string sql)
    {
        await using var command = pool.CreateCommand(sql);
        return (string?)await command.ExecuteScalarAsync(Token);
    }

    private static string Password(string login) => new NpgsqlConnectionStringBuilder(login).Password!;

    private static SiloOptions OptionsWith(string connectionString) =>
        SiloOptionsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["DATABASE_URL"] = connectionString }).Build());

    /// <summary>A login that is not there yet; roles are the whole server's, so its name is made up.</summary>
    private string NewLogin() => new NpgsqlConnectionStringBuilder(_database.ConnectionString)
    {
        Username = $"login_{Guid.NewGuid():N}", Password = $"{Guid.NewGuid():N}", Pooling = false,
    }.ConnectionString;
}
