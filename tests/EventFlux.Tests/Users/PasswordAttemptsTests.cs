using System.Diagnostics;
using System.Net;
using EventFlux.Grains.Users;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Users;

/// <summary>Somebody hammers at an account: he is slowed down, and its owner is not locked out.</summary>
public sealed class PasswordAttemptsTests(PostgresServer postgres) : UserClusterTest(postgres)
{
    private const string Email = "ada@shop.example";
    private const string Password = "correct horse";

    private static readonly RequestOrigin Home = From("198.51.100.7");
    private static readonly RequestOrigin SameStreet = From("198.51.100.250");
    private static readonly RequestOrigin Holidays = From("2001:db8:1:2::7");
    private static readonly RequestOrigin Attacker = From("203.0.113.9");

    [Theory]
    [InlineData(Email)]
    [InlineData("nobody@shop.example")]
    public async Task Hammering_AccountOrNone_IsSlowedAlike(string email)
    {
        await RegisterAsync();

        var results = await HammerAsync(email, attempts: 60);

        // Ten at once, and the one with the first turn; of the rest each finds a turn of this network taken.
        var tried = results.Where(result => result.Outcome == CredentialOutcome.Wrong);
        Assert.InRange(tried.Count(), AttemptPacing.FreeAttempts + 1, AttemptPacing.FreeAttempts + 3);
        var refused = results.Where(result => result.Outcome == CredentialOutcome.TooManyFailures).ToList();
        Assert.True(refused.Count > 40, $"{refused.Count} of {results.Count} were refused");
        Assert.All(
            refused, result => Assert.InRange(result.RetryAfter, TimeSpan.FromTicks(1), AttemptPacing.LongestWait));
    }

    [Fact]
    public async Task Owner_WhereHeSignedInBefore_IsNotSlowedWhileAnAttackerHammers()
    {
        await RegisterAsync();
        using var over = new CancellationTokenSource();
        var attack = HammerUntilAsync(over.Token);
        await HammerAsync(Email, attempts: 30);

        for (var i = 0; i < 5; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var result = await SignInAsync(Email, Password, i % 2 == 0 ? Home : SameStreet);
            Assert.Equal(CredentialOutcome.Accepted, result.Outcome);
            // No turn was waited for: at BCrypt's least cost this takes milliseconds.
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, AttemptPacing.ShortestPause);
        }

        await over.CancelAsync();
        Assert.True(await attack > 100, "the attacker must have been at it all the time");
    }

    [Fact]
    public async Task Owner_FromSomewhereNew_GetsInWithinTheLongestWait()
    {
        await RegisterAsync();
        using var over = new CancellationTokenSource();
        var attack = HammerUntilAsync(over.Token);
        await HammerAsync(Email, attempts: 30);

        var started = Stopwatch.GetTimestamp();
        var result = await SignInAsync(Email, Password, Holidays);

        Assert.Equal(CredentialOutcome.Accepted, result.Outcome);
        Assert.True(Stopwatch.GetElapsedTime(started) < AttemptPacing.LongestWait + TimeSpan.FromSeconds(2));
        // From now on it is a place where he was.
        Assert.Equal(CredentialOutcome.Accepted, (await SignInAsync(Email, Password, Holidays)).Outcome);
        await over.CancelAsync();
        Assert.True(await attack > 0);
    }

    [Fact]
    public async Task ChangePassword_WrongCurrentOnes_CountLikeSignIns()
    {
        var id = await RegisterAsync();
        for (var i = 0; i < 10; i++) await ChangeAsync("wrong horse", Attacker);

        var results = await HammerAsync(Email, attempts: 10);

        Assert.Contains(results, result => result.Outcome == CredentialOutcome.TooManyFailures);
        Assert.Equal(CredentialOutcome.Accepted, (await ChangeAsync(Password, Home)).Outcome);

        Task<CredentialResult> ChangeAsync(string current, RequestOrigin origin) =>
            Cluster.Accounts.ChangePasswordAsync(new(id), Email, current, "another horse", origin, Cancellation);
    }

    [Fact]
    public async Task ChangePassword_ForgetsTheNetworksOfTheOldOne()
    {
        var id = await RegisterAsync();
        await SignInAsync(Email, Password, Holidays);
        Assert.Equal(2, await CountNetworksAsync());

        await Cluster.Accounts.ChangePasswordAsync(new(id), Email, Password, "another horse", Home, Cancellation);

        Assert.Equal(1, await CountNetworksAsync());
    }

    [Fact]
    public async Task Networks_AreRememberedOnceAFewAndNotInClear()
    {
        await RegisterAsync();
        for (var i = 0; i < 8; i++) await SignInAsync(Email, Password, From($"198.18.{i}.1"));
        var state = await StateAsync();
        for (var i = 3; i < 8; i++) await SignInAsync(Email, Password, From($"198.18.{i}.99"));

        Assert.Equal(5, await CountNetworksAsync());
        Assert.Equal(state, await StateAsync());
        Assert.DoesNotContain("198.18", state, StringComparison.Ordinal);
    }

    private static RequestOrigin From(string address) => new(IPAddress.Parse(address), null);

    private async Task<Guid> RegisterAsync() => (await Cluster.Accounts.RegisterAsync(
        new(Email, Password, "Ada", "Byron"), Home, Cancellation)).User!.Id;

    private Task<CredentialResult> SignInAsync(string email, string password, RequestOrigin origin) =>
        Cluster.Accounts.SignInAsync(email, password, origin, Cancellation);

    private async Task<IReadOnlyList<CredentialResult>> HammerAsync(string email, int attempts) =>
        await Task.WhenAll(Enumerable.Range(0, attempts).Select(_ => SignInAsync(email, "wrong horse", Attacker)));

    /// <returns>How many attempts were made.</returns>
    private async Task<int> HammerUntilAsync(CancellationToken over)
    {
        var attempts = new List<Task<CredentialResult>>();
        while (!over.IsCancellationRequested)
        {
            attempts.Add(SignInAsync(Email, "wrong horse", Attacker));
            // One that waits for its turn doesn't keep him from the next.
            await Task.WhenAny(attempts[^1], Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None));
        }

        Assert.DoesNotContain(await Task.WhenAll(attempts), result => result.Outcome == CredentialOutcome.Accepted);
        return attempts.Count;
    }

    private Task<int> CountNetworksAsync() => Database.ScalarAsync<int>(
        "SELECT jsonb_array_length(convert_from(payloadbinary, 'UTF8')::jsonb -> 'networks') FROM orleans_storage");

    private Task<string> StateAsync() =>
        Database.ScalarAsync<string>("SELECT convert_from(payloadbinary, 'UTF8') FROM orleans_storage");
}
