using EventFlux.Contracts.Users;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Audit;

/// <summary>Credentials in the audit log, and that nobody takes anything out of it.</summary>
public sealed class AuditTableTests(PostgresServer postgres) : UserClusterTest(postgres)
{
    private const string Last = "FROM audit_log ORDER BY id DESC LIMIT 1";
    private const string Password = "correct horse";

    private static readonly Contracts.Actor Admin =
        new(Guid.NewGuid(), UserRole.Admin, "0af7651916cd43dd8448eb211c80319c");

    [Theory]
    [InlineData("UPDATE audit_log SET action = 'user.role'")]
    [InlineData("UPDATE audit_log SET action = action WHERE false")]
    [InlineData("DELETE FROM audit_log")]
    [InlineData("TRUNCATE audit_log")]
    [InlineData("SET LOCAL session_replication_role = replica; DELETE FROM audit_log")]
    public async Task Row_OnceWritten_StaysAlsoForTheOwner(string statement)
    {
        await RegisterAsync();

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Database.ExecuteAsync(statement));

        Assert.Equal("EF003", refusal.SqlState);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Register_ByASystemOrAUser_IsOneRow()
    {
        var system = await RegisterAsync();
        Assert.Equal(
            (system.Id, "user.register", """{"role": {"new": "user"}}"""),
            (await SubjectAsync(), await TextAsync("action"), await TextAsync("changes::text")));
        Assert.True(await Database.ScalarAsync<bool>($"SELECT actor_id IS NULL {Last}"));

        var id = Guid.NewGuid();
        await Cluster.User(id).RegisterAsync(
            new("eve@example.com", Password, "Eve", "Byron", UserRole.Admin, Admin with { Id = id }), Cancellation);
        Assert.Equal(
            (id, id, "admin", Admin.TraceId),
            (await SubjectAsync(), await ActorAsync(), await TextAsync("actor_role"), await TextAsync("trace_id")));
    }

    [Fact]
    public async Task SetRole_ThatDiffers_IsOneRowOfWhoAndWhat()
    {
        var user = await RegisterAsync();

        await Cluster.User(user.Id).SetRoleAsync(UserRole.Admin, Admin, Cancellation);
        await Cluster.User(user.Id).SetRoleAsync(UserRole.Admin, Admin, Cancellation);

        Assert.Equal(2, await CountAsync());
        Assert.Equal(
            (user.Id, Admin.Id, "admin", "user.role"),
            (await SubjectAsync(), await ActorAsync(), await TextAsync("actor_role"), await TextAsync("action")));
        Assert.Equal("""{"role": {"new": "admin", "old": "user"}}""", await TextAsync("changes::text"));
    }

    [Fact]
    public async Task ChangePassword_RightOne_IsOneRowWithoutASecret()
    {
        var user = await RegisterAsync();

        await Cluster.User(user.Id).ChangePasswordAsync("wrong horse", "another horse", null, null, Cancellation);
        Assert.Equal(1, await CountAsync());
        await Cluster.User(user.Id).ChangePasswordAsync(Password, "another horse", null, null, Cancellation);

        Assert.Equal(2, await CountAsync());
        Assert.Equal(
            (user.Id, user.Id, "user.password", "{}"),
            (await SubjectAsync(), await ActorAsync(), await TextAsync("action"), await TextAsync("changes::text")));
        var all = await Database.ScalarAsync<string>("SELECT string_agg(audit_log::text, ' ') FROM audit_log");
        foreach (var secret in (string[])["$2a$", Password, "another horse", "ada@example.com", "Byron"])
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNoCredential_LeavesNoRow()
    {
        var user = await RegisterAsync();

        await Cluster.User(user.Id).SetRoleAsync(UserRole.Admin, Admin, Cancellation);
        await Cluster.User(user.Id).RenameAsync("Augusta", null, Cancellation);
        await Cluster.User(user.Id).SignInAsync(Password, Guid.NewGuid(), Cancellation);

        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task State_ThatIsRemoved_IsOneRow()
    {
        var user = await RegisterAsync();

        await Database.ExecuteAsync("UPDATE orleans_storage SET payloadbinary = NULL");
        Assert.Equal((user.Id, "user.delete"), (await SubjectAsync(), await TextAsync("action")));
        await Database.ExecuteAsync("DELETE FROM orleans_storage");

        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task Change_ThatFails_LeavesNoRow()
    {
        var user = await RegisterAsync();
        await Database.ExecuteAsync("ALTER TABLE users ADD CONSTRAINT never CHECK (role <> 'admin')");

        await Assert.ThrowsAnyAsync<Exception>(
            () => Cluster.User(user.Id).SetRoleAsync(UserRole.Admin, Admin, Cancellation));

        Assert.Equal(1, await CountAsync());
    }

    private async Task<UserProfile> RegisterAsync() => (await Cluster.User(Guid.NewGuid()).RegisterAsync(
        new("ada@example.com", Password, "Ada", "Byron"), Cancellation)).User!;

    private Task<long> CountAsync() => Database.ScalarAsync<long>("SELECT count(*) FROM audit_log");

    private Task<Guid> SubjectAsync() => Database.ScalarAsync<Guid>($"SELECT subject_id {Last}");

    private Task<Guid> ActorAsync() => Database.ScalarAsync<Guid>($"SELECT actor_id {Last}");

    private Task<string> TextAsync(string column) => Database.ScalarAsync<string>($"SELECT {column} {Last}");
}
