using EventFlux.Contracts.Users;
using EventFlux.Tests.Api;

namespace EventFlux.Tests.Audit;

/// <summary><c>GET /api/admin/audit</c>, and what requests leave in it.</summary>
[Collection<SharedApi>]
public sealed class AuditApiTests(ApiFixture api)
{
    [Fact]
    public async Task Event_FromCreationToCancellation_IsThereNewestFirst()
    {
        var admin = api.NewAdmin();
        var id = await api.CreateEventAsync(capacity: 10, price: 10m, creator: admin);
        (await admin.PutAsync($"/api/events/{id}", new { price = 12.5m, description = "名 \"q\" \\ </x>" })).Is(200);
        (await admin.PutAsync($"/api/events/{id}", new { price = 12.5m })).Is(200);
        (await admin.PutAsync($"/api/events/{id}", new { capacity = 0 })).Is(400);
        (await api.NewUser().PutAsync($"/api/events/{id}", new { price = 0m })).Is(403);
        (await api.NewAdmin().PutAsync($"/api/events/{id}", new { status = "cancelled" })).Is(200);

        var answer = (await admin.GetAsync($"/api/admin/audit?subject={id}")).Is(200);

        Assert.Equal(3, answer.Int("total"));
        Assert.Equal(
            ["event.cancel", "event.update", "event.create"],
            answer.Items.Select(item => item.GetProperty("action").GetString()));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        var update = answer.Items[1];
        Assert.Equal(admin.Id, update.GetProperty("actor_id").GetGuid());
        Assert.Equal("admin", update.GetProperty("actor_role").GetString());
        Assert.Equal(id, update.GetProperty("subject_id").GetGuid());
        Assert.False(string.IsNullOrEmpty(update.GetProperty("trace_id").GetString()));
        Assert.Equal(
            ["description", "price"],
            update.GetProperty("changes").EnumerateObject().Select(change => change.Name).Order());
        var description = update.GetProperty("changes").GetProperty("description");
        Assert.Equal("名 \"q\" \\ </x>", description.GetProperty("new").GetString());
        var price = update.GetProperty("changes").GetProperty("price");
        Assert.Equal(("10.00", "12.50"), (price.GetProperty("old").GetString(), price.GetProperty("new").GetString()));
    }

    [Fact]
    public async Task Deletion_ByItsCreatorWhoIsNoAdminAnyMore_IsThere()
    {
        var creator = api.NewAdmin();
        var id = await api.CreateEventAsync(capacity: 10, creator: creator);

        (await api.Caller(creator.Id, UserRole.User).DeleteAsync($"/api/events/{id}")).Is(204);

        var entry = (await api.NewAdmin().GetAsync($"/api/admin/audit?subject={id}&action=event.delete")).Is(200).Items;
        Assert.Equal(
            (creator.Id, "user"),
            (Assert.Single(entry).GetProperty("actor_id").GetGuid(), entry[0].GetProperty("actor_role").GetString()));
    }

    [Fact]
    public async Task Booking_CancelledByAnAdmin_IsThereAndByItsOwnerNot()
    {
        var id = await api.CreateEventAsync(capacity: 10);
        var (admin, user) = (api.NewAdmin(), api.NewUser());
        var theirs = (await user.BookAsync(id)).Is(201).Id;
        var own = (await admin.BookAsync(id)).Is(201).Id;

        (await admin.CancelAsync(theirs)).Is(200);
        (await admin.CancelAsync(own)).Is(200);
        var later = (await user.BookAsync(id)).Is(201).Id;
        (await user.CancelAsync(later)).Is(200);

        var entry = Assert.Single((await admin.GetAsync($"/api/admin/audit?actor={admin.Id}")).Is(200).Items);
        Assert.Equal("booking.cancel", entry.GetProperty("action").GetString());
        Assert.Equal(theirs, entry.GetProperty("subject_id").GetGuid());
        Assert.Equal(0, (await admin.GetAsync($"/api/admin/audit?subject={later}")).Is(200).Int("total"));
    }

    [Fact]
    public async Task Account_FromSigningUpToANewPassword_IsThereWithoutASecret()
    {
        var email = AuthClient.NewEmail();
        var session = (await api.Nobody.PostAsync(
            "/api/auth/register",
            new { email, password = "correct horse", first_name = "Ada", last_name = "Byron" })).Is(201);
        var id = session.Json.GetProperty("user").GetProperty("id").GetGuid();
        (await new ApiCaller(api.Client, id, session.Text("token")).PutAsync(
            "/api/auth/change-password",
            new { current_password = "correct horse", new_password = "another horse" })).Is(200);

        var answer = (await api.NewAdmin().GetAsync($"/api/admin/audit?actor={id}&subject={id}")).Is(200);

        Assert.Equal(
            ["user.password", "user.register"], answer.Items.Select(item => item.GetProperty("action").GetString()));
        foreach (var secret in (string[])["horse", "$2a$", email])
            Assert.DoesNotContain(secret, answer.Json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ByTime_HoldsBothEndsAndPages()
    {
        var admin = api.NewAdmin();
        var id = await api.CreateEventAsync(capacity: 10, creator: admin);
        for (var capacity = 11; capacity < 14; capacity++)
            (await admin.PutAsync($"/api/events/{id}", new { capacity })).Is(200);
        var all = (await admin.GetAsync($"/api/admin/audit?subject={id}")).Is(200).Items;
        string At(int index) => all[index].GetProperty("occurred_at").GetString()!;

        var middle = (await admin.GetAsync($"/api/admin/audit?subject={id}&from={At(2)}&to={At(1)}")).Is(200);
        var second = (await admin.GetAsync($"/api/admin/audit?subject={id}&limit=3&page=2")).Is(200);

        Assert.Equal([At(1), At(2)], middle.Items.Select(item => item.GetProperty("occurred_at").GetString()));
        Assert.Equal((4, 2), (second.Int("total"), second.Int("total_pages")));
        Assert.Equal("event.create", Assert.Single(second.Items).GetProperty("action").GetString());
    }

    [Fact]
    public async Task List_IsForAdminsAndStrict()
    {
        (await api.Nobody.GetAsync("/api/admin/audit")).IsRefusal(401, "MISSING_TOKEN");
        (await api.NewUser().GetAsync("/api/admin/audit")).IsRefusal(403, "INSUFFICIENT_PERMISSIONS");
        (await api.NewAdmin().GetAsync(
            "/api/admin/audit?actor=me&subject=1&action=event.rename&from=yesterday&to=x&who=1&page=0"))
            .IsInvalid("action", "actor", "from", "page", "subject", "to", "who");
    }
}
