using EventFlux.Contracts.Faults;
using EventFlux.Contracts.Users;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Users;

/// <summary>What a user's grain promises, on real grain storage.</summary>
public sealed class UserGrainTests(PostgresServer postgres) : UserClusterTest(postgres)
{
    private const string Password = "correct horse";

    [Fact]
    public async Task Register_NewAddress_IsStoredAndCanSignIn()
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

        var result = await Cluster.User(id).RegisterAsync(Command("ada@example.com"), Cancellation);

        Assert.Equal(RegisterUserOutcome.Registered, result.Outcome);
        var user = result.User!;
        Assert.Equal((id, "ada@example.com", "Ada", "Byron", UserRole.User, 1),
            (user.Id, user.Email, user.FirstName, user.LastName, user.Role, user.CredentialVersion));
        Assert.Equal(user, await Cluster.User(id).GetProfileAsync());
        Assert.Equal(user, await Cluster.User(id).SignInAsync(Password, null, Cancellation));
        Assert.Null(await Cluster.User(id).SignInAsync("wrong horse", null, Cancellation));
    }

    [Fact]
    public async Task Register_AddressOfAnother_InAnyCase_IsRefusedAndLeavesNothing()
    {
        await RegisterAsync("ada@example.com");
        var loser = Guid.NewGuid();

        var result = await Cluster.User(loser).RegisterAsync(Command("ADA@Example.COM"), Cancellation);

        Assert.Equal(new(RegisterUserOutcome.UserAlreadyExists), result);
        Assert.Null(await Cluster.User(loser).GetProfileAsync());
        Assert.Equal(1, await CountStatesAsync());
    }

    [Fact]
    public async Task Register_Twice_KeepsTheFirst()
    {
        var first = await RegisterAsync("ada@example.com");

        var again = await Cluster.User(first.Id).RegisterAsync(Command("other@example.com"), Cancellation);

        Assert.Equal(RegisterUserOutcome.UserAlreadyExists, again.Outcome);
        Assert.Equal(first, await Cluster.User(first.Id).GetProfileAsync());
    }

    [Fact]
    public async Task Register_ManyAtOnceOnTwoClusters_ExactlyOneWins()
    {
        await using var other = await UserCluster.StartAsync(Database);
        for (var round = 0; round < 10; round++)
        {
            var command = Command($"round-{round}@example.com");
            var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(
                n => (n % 2 == 0 ? Cluster : other).User(Guid.NewGuid()).RegisterAsync(command, Cancellation)));

            Assert.Single(results, result => result.Outcome == RegisterUserOutcome.Registered);
            Assert.Equal(7, results.Count(result => result.Outcome == RegisterUserOutcome.UserAlreadyExists));
        }

        Assert.Equal(10, await CountStatesAsync());
        Assert.Equal(10, await Database.ScalarAsync<long>("SELECT count(*) FROM users"));
    }

    [Fact]
    public async Task UnknownId_AnswersNullAndLeavesNothing()
    {
        var nobody = Cluster.User(Guid.NewGuid());

        Assert.Null(await nobody.GetProfileAsync());
        Assert.Null(await nobody.SignInAsync(Password, null, Cancellation));
        Assert.Null(await nobody.RenameAsync("Ada", null, Cancellation));
        Assert.Null(await nobody.ChangePasswordAsync(Password, "another horse", null, null, Cancellation));
        Assert.Equal(
            new(SetRoleOutcome.UserNotFound), await nobody.SetRoleAsync(UserRole.Admin, null, Cancellation));
        Assert.Equal(0, await CountStatesAsync());
    }

    [Fact]
    public async Task Rename_NullName_StaysAsItIs()
    {
        var user = await RegisterAsync("ada@example.com");

        var renamed = await Cluster.User(user.Id).RenameAsync(null, "Lovelace", Cancellation);

        Assert.Equal(("Ada", "Lovelace", 1), (renamed!.FirstName, renamed.LastName, renamed.CredentialVersion));
        Assert.True(renamed.UpdatedAt > user.UpdatedAt);
        Assert.Equal(user.CreatedAt, renamed.CreatedAt);
    }

    [Fact]
    public async Task ChangePassword_RightOne_RaisesTheVersionAndReplacesThePassword()
    {
        var user = await RegisterAsync("ada@example.com");
        var grain = Cluster.User(user.Id);

        Assert.Null(await grain.ChangePasswordAsync("wrong horse", "another horse", null, null, Cancellation));
        var changed = await grain.ChangePasswordAsync(Password, "another horse", null, null, Cancellation);

        Assert.Equal(2, changed!.CredentialVersion);
        Assert.Null(await grain.SignInAsync(Password, null, Cancellation));
        Assert.Equal(changed, await grain.SignInAsync("another horse", null, Cancellation));
    }

    [Fact]
    public async Task SetRole_RaisesTheVersionOnlyWhenItDiffers()
    {
        var user = await RegisterAsync("ada@example.com");

        var promoted = await Cluster.User(user.Id).SetRoleAsync(UserRole.Admin, null, Cancellation);
        var again = await Cluster.User(user.Id).SetRoleAsync(UserRole.Admin, null, Cancellation);

        Assert.Equal(SetRoleOutcome.Set, promoted.Outcome);
        Assert.Equal((UserRole.Admin, 2), (promoted.User!.Role, promoted.User.CredentialVersion));
        Assert.Equal(promoted, again);
    }

    [Fact]
    public async Task Change_OnAnActivationThatIsOutOfDate_FailsThenSeesTheTruth()
    {
        var user = await RegisterAsync("ada@example.com");
        await using var other = await UserCluster.StartAsync(Database);
        Assert.Equal(user, await other.User(user.Id).GetProfileAsync());
        var changed = await Cluster.User(user.Id)
            .ChangePasswordAsync(Password, "another horse", null, null, Cancellation);

        await Assert.ThrowsAsync<ServiceUnavailableException>(
            () => other.User(user.Id).RenameAsync("Eve", null, Cancellation));

        Assert.Equal(changed, await other.User(user.Id).GetProfileAsync());
        Assert.Equal("Ada", await Database.ScalarAsync<string>("SELECT first_name FROM users"));
    }

    [Theory]
    [InlineData("O'Brien \"the\" \\ Doe")]
    [InlineData("'; DROP TABLE users; --")]
    [InlineData("{\"role\":\"admin\"}")]
    [InlineData("名前 👩‍🚀 é")]
    [InlineData("</script>&amp;")]
    public async Task Register_AwkwardName_IsTheSameInStateAndTable(string name)
    {
        var id = Guid.NewGuid();
        var command = Command("ada@example.com") with { FirstName = name };

        var result = await Cluster.User(id).RegisterAsync(command, Cancellation);

        Assert.Equal(name, result.User!.FirstName);
        Assert.Equal(result.User, await Cluster.Service<Grains.Storage.UserQueries>().FindAsync(id, Cancellation));
    }

    [Fact]
    public async Task Database_ThatDoesNotAnswer_IsServiceUnavailable()
    {
        var user = await RegisterAsync("ada@example.com");
        await Database.ExecuteAsync("ALTER TABLE orleans_storage RENAME TO away");

        await Assert.ThrowsAsync<ServiceUnavailableException>(
            () => Cluster.User(user.Id).RenameAsync("Eve", null, Cancellation));
        await Assert.ThrowsAsync<ServiceUnavailableException>(
            () => Cluster.User(Guid.NewGuid()).GetProfileAsync());

        await Database.ExecuteAsync("ALTER TABLE away RENAME TO orleans_storage");
        Assert.Equal(user, await Cluster.User(user.Id).GetProfileAsync());
    }

    [Fact]
    public async Task Logs_OfEveryPath_HoldNoPersonalData()
    {
        await using var other = await UserCluster.StartAsync(Database);
        var command = Command("secret-address@example.com") with { FirstName = "Secretname" };
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            n => (n % 2 == 0 ? Cluster : other).User(Guid.NewGuid()).RegisterAsync(command, Cancellation)));
        var id = results.Single(result => result.User is not null).User!.Id;
        await Cluster.User(id).SignInAsync("wrong horse", null, Cancellation);
        await Database.ExecuteAsync("ALTER TABLE users ADD CONSTRAINT never CHECK (last_name <> 'Secretname')");
        await Assert.ThrowsAsync<ServiceUnavailableException>(
            () => Cluster.User(id).RenameAsync(null, "Secretname", Cancellation));

        var logs = Cluster.Logs.Text + other.Logs.Text;
        Assert.Contains("never", logs, StringComparison.Ordinal);
        foreach (var secret in (string[])["secret-address", "Secretname", Password, "wrong horse", "$2a$"])
            Assert.DoesNotContain(secret, logs, StringComparison.OrdinalIgnoreCase);
    }

    private static RegisterUser Command(string email) => new(email, Password, "Ada", "Byron");

    private async Task<UserProfile> RegisterAsync(string email) =>
        (await Cluster.User(Guid.NewGuid()).RegisterAsync(Command(email), Cancellation)).User!;

    private Task<long> CountStatesAsync() => Database.ScalarAsync<long>("SELECT count(*) FROM orleans_storage");
}
