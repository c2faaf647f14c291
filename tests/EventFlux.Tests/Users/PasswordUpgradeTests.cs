using EventFlux.Contracts.Users;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Users;

/// <summary>After the cost of hashes was raised, each password is hashed anew when it is seen.</summary>
public sealed class PasswordUpgradeTests(PostgresServer postgres) : UserClusterTest(postgres)
{
    private const string Password = "correct horse";

    [Fact]
    public async Task SignIn_ManyAtOnceAfterTheCostRose_RehashOnceAndKeepTokens()
    {
        var user = await RegisterAsync();
        Assert.StartsWith("$2a$04$", await HashAsync(), StringComparison.Ordinal);
        await using var dearer = await UserCluster.StartAsync(Database, workFactor: 5);

        var signedIn = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => dearer.User(user.Id).SignInAsync(Password, null, Cancellation)));

        Assert.All(signedIn, profile => Assert.Equal(user, profile));
        var hash = await HashAsync();
        Assert.StartsWith("$2a$05$", hash, StringComparison.Ordinal);
        Assert.Equal(user, await dearer.User(user.Id).SignInAsync(Password, null, Cancellation));
        Assert.Equal(hash, await HashAsync());
        Assert.Equal(1, await Database.ScalarAsync<long>("SELECT count(*) FROM audit_log"));
    }

    [Fact]
    public async Task SignIn_WrongPasswordAfterTheCostRose_ChangesNothing()
    {
        var user = await RegisterAsync();
        var hash = await HashAsync();
        await using var dearer = await UserCluster.StartAsync(Database, workFactor: 5);

        Assert.Null(await dearer.User(user.Id).SignInAsync("wrong horse", null, Cancellation));

        Assert.Equal(hash, await HashAsync());
    }

    [Fact]
    public async Task SignIn_WhenTheNewHashCannotBeStored_StillSignsIn()
    {
        var user = await RegisterAsync();
        await using var dearer = await UserCluster.StartAsync(Database, workFactor: 5);
        await dearer.User(user.Id).GetProfileAsync();
        await Database.ExecuteAsync("ALTER TABLE users ADD CONSTRAINT never CHECK (false) NOT VALID");

        Assert.Equal(user, await dearer.User(user.Id).SignInAsync(Password, null, Cancellation));

        Assert.StartsWith("$2a$04$", await HashAsync(), StringComparison.Ordinal);
        Assert.Contains("could not be noted", dearer.Logs.Text, StringComparison.Ordinal);
        await Database.ExecuteAsync("ALTER TABLE users DROP CONSTRAINT never");
        Assert.Equal(user, await dearer.User(user.Id).SignInAsync(Password, null, Cancellation));
        Assert.StartsWith("$2a$05$", await HashAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoteSignIn_OfAPasswordThatWasChangedMeanwhile_DoesNotBringItBack()
    {
        var user = await RegisterAsync();
        var old = await HashAsync();
        await Cluster.User(user.Id).ChangePasswordAsync(Password, "another horse", null, null, Cancellation);

        await Cluster.User(user.Id).NoteSignInAsync(new(old, old, null));

        Assert.Null(await Cluster.User(user.Id).SignInAsync(Password, null, Cancellation));
        Assert.NotNull(await Cluster.User(user.Id).SignInAsync("another horse", null, Cancellation));
    }

    private async Task<UserProfile> RegisterAsync() => (await Cluster.User(Guid.NewGuid()).RegisterAsync(
        new("ada@example.com", Password, "Ada", "Byron"), Cancellation)).User!;

    private Task<string> HashAsync() => Database.ScalarAsync<string>(
        "SELECT convert_from(payloadbinary, 'UTF8')::jsonb ->> 'password_hash' FROM orleans_storage");
}
