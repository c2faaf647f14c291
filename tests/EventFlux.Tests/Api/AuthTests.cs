using System.Text;
using System.Text.Json;

namespace EventFlux.Tests.Api;

/// <summary>Each endpoint of <c>/api/auth</c> from outside: its answers and its refusals.</summary>
[Collection<AuthSilosCollection>]
public sealed class AuthTests(AuthSilos silos)
{
    private static readonly string[] UserMembers =
        ["id", "email", "first_name", "last_name", "role", "created_at", "updated_at"];

    [Fact]
    public async Task Register_NewAddress_IsCreatedWithAWorkingToken()
    {
        var email = AuthClient.NewEmail();

        var answer = (await silos.First.RegisterAsync(email)).Is(201);

        Assert.Equal(["user", "token", "expires_at"], Members(answer.Json));
        var user = answer.Json.GetProperty("user");
        Assert.Equal(UserMembers, Members(user));
        Assert.Equal(email, user.GetProperty("email").GetString());
        Assert.Equal("user", user.GetProperty("role").GetString());
        Assert.EndsWith("Z", user.GetProperty("created_at").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("Z", answer.Text("expires_at"), StringComparison.Ordinal);
        Assert.Equal(7, user.GetProperty("id").GetGuid().Version);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal("/api/auth/profile", answer.Headers.Location?.OriginalString);

        var profile = (await silos.Second.GetProfileAsync(answer.Text("token"))).Is(200);
        Assert.Equal(user.GetRawText(), profile.Json.GetRawText());
    }

    [Fact]
    public async Task Register_AddressInOtherCase_IsConflict()
    {
        var email = AuthClient.NewEmail();
        await silos.First.RegisterAsync(email);

        (await silos.Second.RegisterAsync(email.ToUpperInvariant())).IsRefusal(409, "USER_ALREADY_EXISTS");
    }

    [Fact]
    public async Task Register_ManyFaults_NamesThemAll() =>
        (await silos.First.As(null).PostAsync(
            "/api/auth/register", new { email = "nobody", password = "short", first_name = "  " }))
        .IsInvalid("email", "first_name", "last_name", "password");

    [Theory]
    [InlineData("role", "\"admin\"")]
    [InlineData("email", "[\"a@b.example\"]")]
    [InlineData("email", "\"a@b.example\",\"email\":\"c@b.example\"")]
    [InlineData("email", "\"a\\u0000@b.example\"")]
    [InlineData("password", "12345678")]
    [InlineData("password", "\"12345678\"")]
    [InlineData("password", "\"PASSWORD123\"")]
    [InlineData("password", "\"a@b.example\"")]
    [InlineData("password", "\"long\\u0000enough\"")]
    [InlineData("first_name", "\"A\\u0000\"")]
    [InlineData("first_name", "\"\\ud83d\"")]
    [InlineData("last_name", "null")]
    public async Task Register_HostileMember_IsNamed(string member, string json)
    {
        var members = new Dictionary<string, string>
        {
            ["email"] = "\"a@b.example\"", ["password"] = "\"long enough\"",
            ["first_name"] = "\"A\"", ["last_name"] = "\"B\"", [member] = json,
        };
        var body = $"{{{string.Join(',', members.Select(one => $"\"{one.Key}\":{one.Value}"))}}}";

        (await silos.First.As(null).PostAsync("/api/auth/register", body)).IsInvalid(member);
    }

    [Theory]
    [InlineData("""["a@b.example"]""")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("")]
    public async Task Register_NoObject_IsBadRequest(string body) =>
        (await silos.First.As(null).PostAsync("/api/auth/register", body)).Is(400);

    [Fact]
    public async Task Register_AwkwardNames_AreTrimmedAndKept()
    {
        var answer = (await silos.First.As(null).PostAsync("/api/auth/register", new
        {
            email = AuthClient.NewEmail(),
            password = "  a b c  ",
            first_name = " O'Brien \"q\" ",
            last_name = "名 👩‍🚀",
        })).Is(201);

        var user = answer.Json.GetProperty("user");
        Assert.Equal("O'Brien \"q\"", user.GetProperty("first_name").GetString());
        Assert.Equal("名 👩‍🚀", user.GetProperty("last_name").GetString());
    }

    [Fact]
    public async Task LogIn_RightPassword_OnAnySiloInAnyCase()
    {
        var email = AuthClient.NewEmail();
        var registered = await silos.First.RegisterAsync(email);

        var answer = (await silos.Second.LogInAsync(email.ToUpperInvariant())).Is(200);

        Assert.Equal(["user", "token", "expires_at"], Members(answer.Json));
        Assert.Equal(
            registered.Json.GetProperty("user").GetRawText(), answer.Json.GetProperty("user").GetRawText());
    }

    [Fact]
    public async Task LogIn_WrongPasswordAndUnknownAddress_AreTheSameAnswer()
    {
        var email = AuthClient.NewEmail();
        await silos.First.RegisterAsync(email);

        var wrong = await silos.First.LogInAsync(email, "wrong horse battery");
        var unknown = await silos.First.LogInAsync(AuthClient.NewEmail());
        var tooLong = await silos.First.LogInAsync(email, AuthClient.Password + new string('x', 100));

        foreach (var answer in (ApiAnswer[])[wrong, unknown, tooLong])
        {
            answer.IsRefusal(401, "INVALID_CREDENTIALS");
            Assert.Equal(wrong.Text("detail"), answer.Text("detail"));
        }
    }

    [Fact]
    public async Task LogIn_NoAddressOrNoPassword_IsInvalid() =>
        (await silos.First.As(null).PostAsync("/api/auth/login", new { email = "x\0y@shop.example" }))
        .IsInvalid("email", "password");

    [Fact]
    public async Task Profile_Renamed_IsReadBackOnTheOtherSilo()
    {
        var token = await silos.First.RegisterAsync();

        var renamed = (await silos.First.PutProfileAsync(
            token, new { first_name = " Augusta ", last_name = "King" })).Is(200);
        var half = (await silos.Second.PutProfileAsync(token, new { last_name = "Lovelace" })).Is(200);

        Assert.Equal(("Augusta", "King"), (renamed.Text("first_name"), renamed.Text("last_name")));
        Assert.Equal(("Augusta", "Lovelace"), (half.Text("first_name"), half.Text("last_name")));
        Assert.Equal(half.Json.GetRawText(), (await silos.First.GetProfileAsync(token)).Json.GetRawText());
    }

    [Theory]
    [InlineData("{}", "first_name", "last_name")]
    [InlineData("""{"first_name":"","last_name":"B"}""", "first_name")]
    [InlineData("""{"first_name":"A","email":"new@shop.example"}""", "email")]
    public async Task Profile_NothingOrNonsense_IsInvalid(string body, params string[] faults) =>
        (await silos.First.PutProfileAsync(await silos.First.RegisterAsync(), body)).IsInvalid(faults);

    [Fact]
    public async Task Unregistered_Id_HasNoProfileAndNoFreshToken()
    {
        var token = AuthSilos.Sign(Guid.NewGuid());

        (await silos.First.GetProfileAsync(token)).IsRefusal(404, "USER_NOT_FOUND");
        (await silos.First.PutProfileAsync(token, new { first_name = "Ada" })).IsRefusal(404, "USER_NOT_FOUND");
        (await silos.First.RefreshAsync(token)).IsRefusal(404, "USER_NOT_FOUND");
        (await silos.First.ChangePasswordAsync(token, "whatever it was", "another horse"))
            .IsRefusal(401, "INVALID_CREDENTIALS");
    }

    [Theory]
    [InlineData("POST", "refresh")]
    [InlineData("GET", "profile")]
    [InlineData("PUT", "profile")]
    [InlineData("PUT", "change-password")]
    public async Task Token_MissingInvalidExpired_HasItsCode(string method, string path)
    {
        var expired = AuthSilos.Sign(Guid.NewGuid(), age: TimeSpan.FromHours(2));
        foreach (var (token, code) in ((string?, string)[])
            [(null, "MISSING_TOKEN"), ("nonsense", "INVALID_TOKEN"), (expired, "TOKEN_EXPIRED")])
        {
            // A body that is no good either: who asks comes first.
            var answer = await silos.First.As(token).SendAsync(new(new(method), $"/api/auth/{path}")
            {
                Content = new StringContent("{}", Encoding.UTF8, "application/json"),
            });

            answer.IsRefusal(401, code);
            Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        }
    }

    [Fact]
    public async Task ChangePassword_WrongOrTooShort_ChangesNothing()
    {
        var email = AuthClient.NewEmail();
        var token = (await silos.First.RegisterAsync(email)).Text("token")!;

        (await silos.First.ChangePasswordAsync(token, "wrong horse battery", "another horse"))
            .IsRefusal(401, "INVALID_CREDENTIALS");
        (await silos.First.ChangePasswordAsync(token, AuthClient.Password, "short")).IsInvalid("new_password");
        (await silos.First.ChangePasswordAsync(token, AuthClient.Password, "Iloveyou")).IsInvalid("new_password");
        (await silos.First.ChangePasswordAsync(token, AuthClient.Password, email)).IsInvalid("new_password");

        (await silos.First.LogInAsync(email)).Is(200);
        (await silos.First.GetProfileAsync(token)).Is(200);
    }

    private static IEnumerable<string> Members(JsonElement json) =>
        json.EnumerateObject().Select(member => member.Name);
}
