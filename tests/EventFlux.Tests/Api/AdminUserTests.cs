using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Api;

/// <summary>Everybody's accounts, for admins; roles, on two silos.</summary>
[Collection<AuthSilosCollection>]
public sealed class AdminUserTests(AuthSilos silos)
{
    [Fact]
    public async Task List_BySearch_FindsWordsOfNamesAndBeginningsOfAddresses()
    {
        var (admin, mark) = (await AdminAsync(), $"q{Guid.NewGuid():N}"[..12]);
        await AddUsersAsync(
            ($"Zoë-{mark}", "O'Neill", $"first.{mark}@shop.example"),
            ($"{mark}", "Smith Jones", $"x{mark}@b.example"));

        Assert.Equal(2, (await FindAsync($"{mark}")).Length);
        Assert.Equal([$"x{mark}@b.example"], await FindAsync($"jones {mark}"));
        Assert.Equal([$"x{mark}@b.example"], await FindAsync($"{mark} smi"));
        Assert.Equal([$"first.{mark}@shop.example"], await FindAsync($"FIRST.{mark}@Sh"));
        Assert.Empty(await FindAsync($"{mark} nobody"));
        foreach (var hostile in (string[])["'; DROP TABLE users; --", "a:*&|!", "\"", "-", "%", "_", "\\"])
            (await admin.GetAsync($"/api/admin/users?search={Uri.EscapeDataString(hostile)}")).Is(200);
        // What a pattern would take for any letter is itself here.
        Assert.Empty(await FindAsync($"_irst.{mark}"));

        async Task<string[]> FindAsync(string words)
        {
            var answer = (await admin.GetAsync($"/api/admin/users?search={Uri.EscapeDataString(words)}")).Is(200);
            Assert.Equal(answer.Items.Length, answer.Int("total"));
            return [.. answer.Items.Select(item => item.GetProperty("email").GetString()!)];
        }
    }

    [Fact]
    public async Task List_OfAll_IsNewestFirstAndCountsEverybody()
    {
        var admin = await AdminAsync();
        var email = AuthClient.NewEmail();
        await silos.First.RegisterAsync(email);

        var page = (await admin.GetAsync("/api/admin/users?limit=1")).Is(200);

        Assert.Equal(await silos.Database.ScalarAsync<long>("SELECT count(*) FROM users"), page.Int("total"));
        Assert.Equal(email, page.Items[0].GetProperty("email").GetString());
        Assert.Equal(0, page.Items[0].GetProperty("confirmed_bookings").GetInt32());
        var next = (await admin.GetAsync($"/api/admin/users?limit=1&cursor={page.Text("next_cursor")}")).Is(200);
        Assert.NotEqual(email, next.Items[0].GetProperty("email").GetString());
    }

    [Fact]
    public async Task Get_User_HasBookingsNewestFirst()
    {
        var admin = await AdminAsync();
        var session = (await silos.First.RegisterAsync(AuthClient.NewEmail())).Is(201);
        var (user, id) = (silos.First.As(session.Text("token")), session.Json.GetProperty("user").GetProperty("id"));
        var bookings = new List<Guid>();
        for (var n = 0; n < 2; n++)
        {
            var eventId = (await admin.PostAsync("/api/events", EventBody.With())).Is(201).Id;
            bookings.Insert(0, (await user.BookAsync(eventId)).Is(201).Id);
        }

        var found = (await admin.GetAsync($"/api/admin/users/{id}")).Is(200);

        Assert.Equal(2, found.Int("total_bookings"));
        Assert.Equal(
            bookings,
            found.Json.GetProperty("bookings").EnumerateArray().Select(one => one.GetProperty("id").GetGuid()));
        (await admin.GetAsync($"/api/admin/users/{Guid.NewGuid()}")).IsRefusal(404, "USER_NOT_FOUND");
    }

    [Fact]
    public async Task Role_ThatChanges_RevokesOlderTokensEverywhereAndIsInTheAuditLog()
    {
        var (admin, email) = (await AdminAsync(), AuthClient.NewEmail());
        var session = (await silos.First.RegisterAsync(email)).Is(201);
        var (token, id) = (session.Text("token")!, session.Json.GetProperty("user").GetProperty("id").GetGuid());
        (await silos.Second.GetProfileAsync(token)).Is(200);

        var promoted = (await SetAsync("admin")).Is(200);

        Assert.Equal("admin", promoted.Text("role"));
        (await silos.First.GetProfileAsync(token)).IsRefusal(401, "INVALID_TOKEN");
        await Wait.UntilAsync(
            async () => (await silos.Second.GetProfileAsync(token)).Code == "INVALID_TOKEN",
            TimeSpan.FromSeconds(5), () => "The other silo still honours the token.");
        var fresh = (await silos.Second.LogInAsync(email)).Is(200).Text("token");
        (await silos.Second.As(fresh).GetAsync("/api/admin/dashboard")).Is(200);

        // The same again changes nothing: the token is good, and the log says nothing.
        Assert.Equal(promoted.Json.GetRawText(), (await SetAsync("admin")).Is(200).Json.GetRawText());
        (await silos.First.GetProfileAsync(fresh)).Is(200);
        var log = (await admin.GetAsync($"/api/admin/audit?subject={id}&action=user.role")).Is(200).Items;
        var change = Assert.Single(log).GetProperty("changes").GetProperty("role");
        Assert.Equal("user", change.GetProperty("old").GetString());
        Assert.Equal("admin", log[0].GetProperty("actor_role").GetString());

        Assert.Equal("user", (await SetAsync("user")).Is(200).Text("role"));

        Task<ApiAnswer> SetAsync(string role) => admin.PutAsync($"/api/admin/users/{id}/role", new { role });
    }

    [Fact]
    public async Task Role_OfTheLastAdmin_CannotBeTaken()
    {
        var admin = await AdminAsync();
        var id = (await admin.GetAsync("/api/auth/profile")).Is(200).Id;
        Assert.Equal(1, await silos.Database.ScalarAsync<long>("SELECT count(*) FROM users WHERE role = 'admin'"));

        (await admin.PutAsync($"/api/admin/users/{id}/role", new { role = "user" })).IsRefusal(409, "LAST_ADMIN");

        (await admin.GetAsync("/api/admin/dashboard")).Is(200);
    }

    [Fact]
    public async Task Role_AskedForWrongly_IsRefusedInTheUsualOrder()
    {
        var admin = await AdminAsync();
        var path = $"/api/admin/users/{Guid.NewGuid()}/role";

        (await silos.First.As(null).PutAsync(path, new { role = "admin" })).IsRefusal(401, "MISSING_TOKEN");
        (await silos.First.As(await silos.First.RegisterAsync()).PutAsync(path, new { role = "nonsense" }))
            .IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
        (await admin.PutAsync(path, new { role = "root" })).IsInvalid("role");
        (await admin.PutAsync(path, new { role = "Admin" })).IsInvalid("role");
        (await admin.PutAsync(path, new { })).Is(400);
        (await admin.PutAsync(path, new { role = "admin" })).IsRefusal(404, "USER_NOT_FOUND");
        (await admin.PutAsync("/api/admin/users/no-id/role", new { role = "admin" })).IsRefusal(404, "USER_NOT_FOUND");
    }

    private async Task<ApiCaller> AdminAsync() => silos.First.As(
        (await silos.First.LogInAsync(AuthSilos.AdminEmail, AuthSilos.AdminPassword)).Is(200).Text("token"));

    private async Task AddUsersAsync(params (string First, string Last, string Email)[] users)
    {
        foreach (var (first, last, email) in users)
        {
            (await silos.First.As(null).PostAsync(
                "/api/auth/register",
                new { email, password = AuthClient.Password, first_name = first, last_name = last })).Is(201);
        }
    }
}
