using System.Net;
using EventFlux.Grains.Users;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Users;

/// <summary>Somebody hammers at an account: he is slowed down, and its owner is not locked out. The clock stands still,
/// so turns that are to come don't come by themselves.</summary>
public sealed class PasswordAttemptsTests(PostgresServer postgres) : IAsyncLifetime
{
    private const string Email = "ada@shop.example";
    private const string Password = "correct horse";

    private static readonly RequestOrigin Home = From("198.51.100.7");
    private static readonly RequestOrigin SameStreet = From("198.51.100.250");
    private static readonly RequestOrigin Holidays = From("2001:db8:1:2::7");
    private static readonly RequestOrigin Attacker = From("203.0.113.9");

    private readonly HeldClock _clock = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TestDatabase Database { get; set; } = null!;

    private UserCluster Cluster { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.CreateDatabaseAsync();
        Cluster = await UserCluster.StartAsync(Database, time: _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Database.DisposeAsync();
    }

    [Theory]
    [InlineData(Email)]
    [InlineData("nobody@shop.example")]
    public async Task Hammering_AccountOrNone_IsSlowedAlike(string email)
    {
        await RegisterAsync();

        var results = await HammerAsync(email, Attacker, attempts: 60);

        // Ten at once, the one with the first turn, and the one who waits for the second; no more of this network.
        Assert.Equal(
            AttemptPacing.FreeAttempts + 2, results.Count(result => result.Outcome == CredentialOutcome.Wrong));
        var refused = results.Where(result => result.Outcome != CredentialOutcome.Wrong);
        Assert.All(
            refused,
            result => Assert.Equal(
                (CredentialOutcome.TooManyFailures, AttemptPacing.ShortestPause), (result.Outcome, result.RetryAfter)));
    }

    [Fact]
    public async Task Owner_WhereHeSignedInBefore_IsNotSlowedByAnyNumberOfStrangers()
    {
        await RegisterAsync();
        await HammerAsync(Email, Attacker, attempts: 12);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(
            n => HammerAsync(Email, From($"198.18.{n}.1"), attempts: 5)));
        // Every turn that there is, is taken: a stranger is sent away, the owner too.
        Assert.Equal(CredentialOutcome.TooManyFailures, (await SignInAsync(Password, Holidays)).Outcome);

        for (var i = 0; i < 5; i++)
            Assert.Equal(CredentialOutcome.Accepted, (await SignInAsync(Password, i < 3 ? Home : SameStreet)).Outcome);
    }

    [Fact]
    public async Task Owner_FromSomewhereNew_GetsTheNextTurnWhileANetworkHammers()
    {
        await RegisterAsync();
        await HammerAsync(Email, Attacker, attempts: 30);
        var attack = HammerAsync(Email, Attacker, attempts: 100);

        Assert.Equal(CredentialOutcome.Accepted, (await SignInAsync(Password, Holidays)).Outcome);

        Assert.All(await attack, result => Assert.Equal(CredentialOutcome.TooManyFailures, result.Outcome));
        // From now on it is a place where he was: no more turns to wait for.
        await HammerAsync(Email, From("192.0.2.1"), attempts: 10);
        for (var i = 0; i < 5; i++)
            Assert.Equal(CredentialOutcome.Accepted, (await SignInAsync(Password, Holidays)).Outcome);
    }

    [Fact]
    public async Task Failures_AfterTheWindow_CountNoMore()
    {
        await RegisterAsync();
        await HammerAsync(Email, Attacker, attempts: 30);

        _clock.Advance(AttemptPacing.Window + TimeSpan.FromSeconds(1));

        Assert.All(
            await HammerAsync(Email, Attacker, attempts: AttemptPacing.FreeAttempts),
            result => Assert.Equal(CredentialOutcome.Wrong, result.Outcome));
    }

    [Fact]
    public async Task ChangePassword_WrongCurrentOnes_CountLikeSignIns()
    {
        var id = await RegisterAsync();
        for (var i = 0; i < 10; i++) await ChangeAsync("wrong horse", Attacker);

        var results = await HammerAsync(Email, Attacker, attempts: 10);

        Assert.Contains(results, result => result.Outcome == CredentialOutcome.TooManyFailures);
        Assert.Equal(CredentialOutcome.Accepted, (await ChangeAsync(Password, Home)).Outcome);

        Task<CredentialResult> ChangeAsync(string current, RequestOrigin origin) =>
            Cluster.Accounts.ChangePasswordAsync(new(id), Email, current, "another horse", origin, Cancellation);
    }

    [Fact]
    public async Task ChangePassword_ForgetsTheNetworksOfTheOldOne()
    {
        var id = await RegisterAsync();
        await SignInAsync(Password, Holidays);
        Assert.Equal(2, await CountNetworksAsync());

        await Cluster.Accounts.ChangePasswordAsync(new(id), Email, Password, "another horse", Home, Cancellation);

        Assert.Equal(1, await CountNetworksAsync());
    }

    [Fact]
    public async Task Networks_AreRememberedOnceAFewAndNotInClear()
    {
        await RegisterAsync();
        for (var i = 0; i < 8; i++) await SignInAsync(Password, From($"198.18.{i}.1"));
        var state = await StateAsync();
        for (var i = 3; i < 8; i++) await SignInAsync(Password, From($"198.18.{i}.99"));

        Assert.Equal(5, await CountNetworksAsync());
        Assert.Equal(state, await StateAsync());
        Assert.DoesNotContain("198.18", state, StringComparison.Ordinal);
    }

    private static RequestOrigin From(string address) => new(IPAddress.Parse(address), null);

    private async Task<Guid> RegisterAsync() => (await Cluster.Accounts.RegisterAsync(
        Guid.NewGuid(), new(Email, Password, "Ada", "Byron"), Home, Cancellation)).User!.Id;

    private Task<CredentialResult> SignInAsync(string password, RequestOrigin origin) =>
        Cluster.Accounts.SignInAsync(Email, password, origin, Cancellation);

    private async Task<IReadOnlyList<CredentialResult>> HammerAsync(
        string email, RequestOrigin origin, int attempts) =>
        await Task.WhenAll(Enumerable.Range(0, attempts).Select(
            _ => Cluster.Accounts.SignInAsync(email, "wrong horse", origin, Cancellation)));

    private Task<int> CountNetworksAsync() => Database.ScalarAsync<int>(
        "SELECT jsonb_array_length(convert_from(payloadbinary, 'UTF8')::jsonb -> 'networks') FROM orleans_storage");

    private Task<string> StateAsync() =>
        Database.ScalarAsync<string>("SELECT convert_from(payloadbinary, 'UTF8') FROM orleans_storage");
}
