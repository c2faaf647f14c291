using System.Text;
using System.Text.Json;
using EventFlux.Grains.Storage;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Storage;
using Npgsql;

namespace EventFlux.Tests.Users;

/// <summary>The table <c>users</c> follows the stored states, in their transactions.</summary>
public sealed class UsersTableTests(PostgresServer postgres) : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await postgres.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Key_OfManyIds_ReadsBackAsTheId()
    {
        for (var i = 0; i < 200; i++)
        {
            var id = Guid.NewGuid();
            Assert.Equal(id, await _database.ScalarAsync<Guid>("SELECT orleans_guid($1, $2)", N0(id), N1(id)));
        }

        foreach (var id in (Guid[])[Guid.Empty, Guid.AllBitsSet, new("00112233-4455-6677-8899-aabbccddeeff")])
            Assert.Equal(id, await _database.ScalarAsync<Guid>("SELECT orleans_guid($1, $2)", N0(id), N1(id)));
    }

    [Fact]
    public async Task Insert_OfAnotherGrainsState_IsNobody()
    {
        await InsertAsync(Guid.NewGuid(), "not json", stateName: "maintenance");

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Update_OfTheName_LeavesTheCredentialsTime()
    {
        var id = Guid.NewGuid();
        await InsertAsync(id, State(id));
        var before = await CredentialsChangedAtAsync();

        await UpdateAsync(id, State(id, firstName: "Grace"));

        Assert.Equal("Grace", await _database.ScalarAsync<string>("SELECT first_name FROM users"));
        Assert.Equal(before, await CredentialsChangedAtAsync());
    }

    [Fact]
    public async Task Update_OfTheVersion_MovesTheCredentialsTime()
    {
        var id = Guid.NewGuid();
        await InsertAsync(id, State(id));
        var before = await CredentialsChangedAtAsync();

        await UpdateAsync(id, State(id, version: 2));

        Assert.True(await CredentialsChangedAtAsync() > before);
    }

    [Fact]
    public async Task Clear_AndDelete_RemoveTheUserAndFreeTheAddress()
    {
        var (id, next) = (Guid.NewGuid(), Guid.NewGuid());
        await InsertAsync(id, State(id));

        await _database.ExecuteAsync("UPDATE orleans_storage SET payloadbinary = NULL");
        Assert.Equal(0, await CountAsync());

        await InsertAsync(next, State(next));
        Assert.Equal(next, await _database.ScalarAsync<Guid>("SELECT id FROM users"));
        await _database.ExecuteAsync("DELETE FROM orleans_storage WHERE payloadbinary IS NOT NULL");
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Signups_CountTheUsersThatThereAre_ByTheirDay()
    {
        var (id, next) = (Guid.NewGuid(), Guid.NewGuid());
        await InsertAsync(id, State(id));
        await InsertAsync(next, State(next, email: "grace@example.com"));
        await UpdateAsync(next, State(next, email: "grace@example.com", version: 2));
        Assert.Equal(2, await _database.ScalarAsync<int>("SELECT users FROM user_signups WHERE day = '2026-01-01'"));

        await _database.ExecuteAsync("UPDATE orleans_storage SET payloadbinary = NULL WHERE grainidn0 = $1", N0(id));

        Assert.Equal(1, await _database.ScalarAsync<int>("SELECT users FROM user_signups"));
        await VerifiedDatabase.AssertNoDifferenceAsync(_database.DataSource);
    }

    [Fact]
    public async Task Insert_AddressTaken_FailsByTheIndexAndStoresNothing()
    {
        var (id, loser) = (Guid.NewGuid(), Guid.NewGuid());
        await InsertAsync(id, State(id));

        var failure = await Assert.ThrowsAsync<PostgresException>(
            () => InsertAsync(loser, State(loser, email: "ADA@EXAMPLE.COM")));

        Assert.True(UserQueries.IsEmailTaken(new InvalidOperationException("wrapped", failure)));
        Assert.Equal(1, await _database.ScalarAsync<long>("SELECT count(*) FROM orleans_storage"));
    }

    [Fact]
    public async Task Insert_StateOfAnotherId_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<PostgresException>(
            () => InsertAsync(Guid.NewGuid(), State(Guid.NewGuid())));

        Assert.Equal("EF002", failure.SqlState);
        Assert.False(UserQueries.IsEmailTaken(failure));
    }

    [Theory]
    [InlineData("role", "root")]
    [InlineData("first_name", "")]
    [InlineData("last_name", null)]
    [InlineData("email", "")]
    [InlineData("credential_version", 0)]
    [InlineData("first_name", "a\0b")]
    public async Task Insert_WhatNoUserMayBe_IsRefused(string member, object? value)
    {
        var id = Guid.NewGuid();

        await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(id, State(id, member: member, value: value)));

        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM orleans_storage"));
    }

    [Theory]
    [InlineData("""SELECT id FROM users WHERE lower(email COLLATE "C") = lower('A@b.c' COLLATE "C")""", "email_unique")]
    [InlineData(
        "SELECT id FROM users WHERE credential_version > 1 AND credentials_changed_at > now() - interval '30 s'",
        "users_by_credential_change")]
    public async Task Query_UsesItsIndex(string query, string index)
    {
        // A table of no rows is read as a whole whatever the indexes; what counts is that one fits.
        await using var connection = await _database.DataSource.OpenConnectionAsync(Cancellation);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new("SET LOCAL enable_seqscan = off"), new($"EXPLAIN (FORMAT JSON) {query}") },
        };

        Assert.Contains(index, (string)(await batch.ExecuteScalarAsync(Cancellation))!, StringComparison.Ordinal);
    }

    private static string State(
        Guid id, string email = "ada@example.com", string firstName = "Ada", int version = 1,
        string? member = null, object? value = null)
    {
        var state = new Dictionary<string, object?>
        {
            ["id"] = id,
            ["email"] = email,
            ["first_name"] = firstName,
            ["last_name"] = "Byron",
            ["role"] = "user",
            ["password_hash"] = "-",
            ["credential_version"] = version,
            ["created_at"] = "2026-01-01T00:00:00+00:00",
            ["updated_at"] = "2026-01-01T00:00:00+00:00",
        };
        if (member is not null) state[member] = value;
        return JsonSerializer.Serialize(state);
    }

    private static long N0(Guid id) => BitConverter.ToInt64(id.ToByteArray(), 0);

    private static long N1(Guid id) => BitConverter.ToInt64(id.ToByteArray(), 8);

    private Task InsertAsync(Guid id, string payload, string stateName = "user") => _database.ExecuteAsync(
        """
        INSERT INTO orleans_storage (graintypestring, grainidn0, grainidn1, serviceid, payloadbinary, version)
        VALUES ($1, $2, $3, 'test', $4, 1)
        """,
        stateName, N0(id), N1(id), Encoding.UTF8.GetBytes(payload));

    private Task UpdateAsync(Guid id, string payload) => _database.ExecuteAsync(
        "UPDATE orleans_storage SET payloadbinary = $1 WHERE grainidn0 = $2 AND grainidn1 = $3",
        Encoding.UTF8.GetBytes(payload), N0(id), N1(id));

    private Task<DateTime> CredentialsChangedAtAsync() =>
        _database.ScalarAsync<DateTime>("SELECT credentials_changed_at FROM users");

    private Task<long> CountAsync() => _database.ScalarAsync<long>("SELECT count(*) FROM users");
}
