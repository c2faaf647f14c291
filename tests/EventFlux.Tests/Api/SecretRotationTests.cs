using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Api;

/// <summary>The secret is changed while silos run: two real ones, of the step before and of the step after.</summary>
public sealed class SecretRotationTests(PostgresServer postgres)
{
    private const string Old = "rotation-starts-with-this-0123456789-abcdef";
    private const string New = "rotation-ends-with-this-9876543210-fedcba";

    [Fact]
    public async Task Silos_BeforeAndAfterTheChange_HonourEachOthersTokensAndCursors()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        var silos = await Task.WhenAll(
            SiloProcess.StartReadyAsync(Environment(database, Old, New)),
            SiloProcess.StartReadyAsync(Environment(database, New, Old)));
        await using var before = silos[0];
        await using var after = silos[1];
        var email = AuthClient.NewEmail();

        var old = (await before.RegisterAsync(email)).Is(201).Text("token");
        (await after.GetProfileAsync(old)).Is(200);
        var fresh = (await after.RefreshAsync(old)).Is(200).Text("token");
        (await before.GetProfileAsync(fresh)).Is(200);

        // A password's change revokes the tokens of both keys.
        (await before.ChangePasswordAsync(fresh!, AuthClient.Password, "staple and another horse")).Is(200);
        foreach (var token in (string[])[old!, fresh!])
            (await before.GetProfileAsync(token)).IsRefusal(401, "INVALID_TOKEN");

        // A list that one began is gone on with by the other.
        var page = (await Caller(before).GetAsync("/api/events?limit=2")).Is(200);
        var next = await Caller(after).GetAsync($"/api/events?limit=2&cursor={page.Text("next_cursor")}");
        Assert.Equal(2, next.Is(200).Items.Length);

        var output = string.Concat(silos.Select(silo => silo.Output + silo.Errors));
        Assert.DoesNotContain(Old, output, StringComparison.Ordinal);
        Assert.DoesNotContain(New, output, StringComparison.Ordinal);
    }

    private static ApiCaller Caller(SiloProcess silo) => new(silo.Http, Guid.Empty, null);

    private static Dictionary<string, string?> Environment(TestDatabase database, string secret, string other) => new()
    {
        ["DATABASE_URL"] = database.ConnectionString,
        ["JWT_SECRET"] = secret,
        ["JWT_SECRET_PREVIOUS"] = other,
        ["RATE_LIMIT_ENABLED"] = "false",
    };
}
