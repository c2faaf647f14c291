using System.Diagnostics;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Api;

/// <summary>What two silos owe each other about accounts.</summary>
[Collection<AuthSilosCollection>]
public sealed class AuthClusterTests(AuthSilos silos)
{
    private const string NewPassword = "staple and another horse";

    [Fact]
    public async Task Register_OneAddressOnBothSilosAtOnce_ExactlyOneWins()
    {
        for (var round = 0; round < 20; round++)
        {
            var email = AuthClient.NewEmail();

            var answers = await Task.WhenAll(
                silos.First.RegisterAsync(email), silos.Second.RegisterAsync(email),
                silos.First.RegisterAsync(email.ToUpperInvariant()));

            Assert.Single(answers, answer => answer.Status == 201);
            Assert.Equal(2, answers.Count(answer => answer.Code == "USER_ALREADY_EXISTS"));
            Assert.Equal(1, await silos.Database.ScalarAsync<long>(
                """
                SELECT count(*) FROM orleans_storage
                 WHERE lower(convert_from(payloadbinary, 'UTF8')::jsonb ->> 'email') = $1
                """,
                email));
        }
    }

    [Fact]
    public async Task ChangePassword_KillsOlderTokensHereAtOnceAndThereWithinFiveSeconds()
    {
        var email = AuthClient.NewEmail();
        var old = (await silos.First.RegisterAsync(email)).Text("token")!;
        (await silos.Second.GetProfileAsync(old)).Is(200);

        var answer = await silos.First.ChangePasswordAsync(old, AuthClient.Password, NewPassword);

        var fresh = answer.Is(200).Text("token");
        (await silos.First.GetProfileAsync(old)).IsRefusal(401, "INVALID_TOKEN");
        await Wait.UntilAsync(
            async () => (await silos.Second.GetProfileAsync(old)).Code == "INVALID_TOKEN",
            TimeSpan.FromSeconds(5), () => "The other silo still honours the token.");
        (await silos.First.GetProfileAsync(fresh)).Is(200);
        (await silos.Second.GetProfileAsync(fresh)).Is(200);
        (await silos.Second.LogInAsync(email)).IsRefusal(401, "INVALID_CREDENTIALS");
        (await silos.Second.LogInAsync(email, NewPassword)).Is(200);
    }

    [Fact]
    public async Task Refresh_WithATokenRevokedElsewhereAMomentAgo_IsInvalid()
    {
        var old = await silos.First.RegisterAsync();
        await silos.First.ChangePasswordAsync(old, AuthClient.Password, NewPassword);

        // At once, whether or not this silo has heard of the change.
        (await silos.Second.RefreshAsync(old)).IsRefusal(401, "INVALID_TOKEN");
    }

    [Fact]
    public async Task Refresh_ValidToken_GivesOneThatWorksOnBothSilos()
    {
        var token = await silos.First.RegisterAsync();

        var fresh = (await silos.Second.RefreshAsync(token)).Is(200).Text("token");

        (await silos.First.GetProfileAsync(fresh)).Is(200);
        (await silos.Second.GetProfileAsync(fresh)).Is(200);
        (await silos.First.GetProfileAsync(token)).Is(200);
    }

    [Fact]
    public async Task Start_AfterAPasswordChange_KnowsTheRevocationFromTheFirstRequestOn()
    {
        var old = await silos.First.RegisterAsync();
        await silos.First.ChangePasswordAsync(old, AuthClient.Password, NewPassword);

        await using var third = await SiloProcess.StartReadyAsync(silos.Environment);

        (await third.GetProfileAsync(old)).IsRefusal(401, "INVALID_TOKEN");
        // In good order: a killed silo would disturb the tests that follow for some seconds.
        third.Terminate();
        Assert.Equal(0, await third.WaitForExitAsync());
    }

    [Fact]
    public async Task FirstAdmin_OfSilosThatStartedTogether_IsOneAndCanLogIn()
    {
        var answer = (await silos.Second.LogInAsync(AuthSilos.AdminEmail, AuthSilos.AdminPassword)).Is(200);

        Assert.Equal("admin", answer.Json.GetProperty("user").GetProperty("role").GetString());
        Assert.Equal(1, await silos.Database.ScalarAsync<long>(
            "SELECT count(*) FROM users WHERE email = $1 AND role = 'admin'", AuthSilos.AdminEmail));
    }

    [Fact]
    public async Task LogIn_UnknownAddress_TakesAsLongAsAWrongPassword()
    {
        var email = AuthClient.NewEmail();
        await silos.First.RegisterAsync(email);
        var (wrong, unknown) = (new List<double>(), new List<double>());
        // In turn, so that whatever else the machine does meets both alike.
        for (var i = 0; i < 11; i++)
        {
            wrong.Add(await TimeAsync(() => silos.First.LogInAsync(email, "wrong horse battery")));
            unknown.Add(await TimeAsync(() => silos.First.LogInAsync(AuthClient.NewEmail())));
        }

        var ratio = unknown.Order().ElementAt(5) / wrong.Order().ElementAt(5);
        TestContext.Current.TestOutputHelper?.WriteLine($"unknown / wrong = {ratio:F3}");
        Assert.InRange(ratio, 0.6, 1.6);
    }

    [Fact]
    public async Task LogIn_ManyFailuresOnBothSilos_AreSlowedAlikeWhetherTheAccountExistsOrNot()
    {
        var email = AuthClient.NewEmail();
        await silos.First.RegisterAsync(email);
        var (known, unknown) = (await HammerAsync(email), await HammerAsync(AuthClient.NewEmail()));

        foreach (var answers in (ApiAnswer[][])[known, unknown])
        {
            Assert.InRange(answers.Count(answer => answer.Code == "INVALID_CREDENTIALS"), 11, 23);
            var slowed = answers.Where(answer => answer.Code != "INVALID_CREDENTIALS").ToArray();
            Assert.All(slowed, answer => answer.IsRefusal(429, "AUTH_RATE_LIMIT_EXCEEDED"));
            Assert.All(slowed, answer => Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 8));
        }

        Assert.Single(known.Concat(unknown).Select(answer => (answer.Code, answer.Text("detail"))).Distinct(),
            pair => pair.Code == "AUTH_RATE_LIMIT_EXCEEDED");
        // The owner's turn comes soon.
        await Wait.UntilAsync(
            async () => (await silos.Second.LogInAsync(email)).Status == 200, TimeSpan.FromSeconds(30),
            () => "The owner was locked out.");
    }

    [Fact]
    public async Task Output_OfTheSilos_HoldsNoPersonalData()
    {
        const string Email = "very-secret-address@shop.example";
        var answers = await Task.WhenAll(silos.First.RegisterAsync(Email), silos.Second.RegisterAsync(Email));
        var token = answers.Single(answer => answer.Status == 201).Text("token")!;
        await silos.First.LogInAsync(Email, "very-wrong-password");
        await silos.Second.ChangePasswordAsync(token, AuthClient.Password, NewPassword);
        await silos.Second.GetProfileAsync(token);

        var output = silos.First.Output + silos.First.Errors + silos.Second.Output + silos.Second.Errors;

        Assert.NotEqual("", output);
        foreach (var secret in (string[])
            [Email, AuthSilos.AdminEmail, AuthClient.Password, "very-wrong-password", NewPassword, token, "$2a$"])
            Assert.DoesNotContain(secret, output, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<ApiAnswer[]> HammerAsync(string email) => await Task.WhenAll(Enumerable.Range(0, 24).Select(
        n => (n % 2 == 0 ? silos.First : silos.Second).LogInAsync(email, "wrong horse battery")));

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        var started = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
