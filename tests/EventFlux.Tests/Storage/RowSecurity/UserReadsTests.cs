using EventFlux.Grains.Storage;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Storage.RowSecurity;

/// <summary>A read on behalf of a user shows that user's rows, whatever the query says or forgets.</summary>
public sealed class UserReadsTests(TwoUsers data) : IClassFixture<TwoUsers>
{
    /// <summary>What the role may read, the column that says whose a row is, and how many rows each user
    /// has.</summary>
    public static TheoryData<string, string, int> OwnedRelations => new()
    {
        { "bookings", "user_id", 3 },
        { "waitlist_entries", "user_id", 3 },
        { "waitlist_view", "user_id", 3 },
        { "idempotency_keys", "user_id", 3 },
        { "holds", "user_id", 3 },
        { "hold_view", "user_id", 3 },
        { "users", "id", 1 },
    };

    public static TheoryData<string> Writes =>
    [
        "UPDATE bookings SET quantity = 2", "DELETE FROM bookings", "UPDATE users SET role = 'admin'",
        "INSERT INTO idempotency_keys SELECT user_id, 'waitlist', key, request_hash, resource_id, now()"
            + " FROM idempotency_keys",
        "UPDATE events SET price = 0", "UPDATE waitlist_entries SET sequence = 0", "TRUNCATE bookings",
        "INSERT INTO outbox (event_id, kind, subject_id, occurred_at) SELECT id, 'x', id, now() FROM events",
        "SELECT * FROM bookings FOR UPDATE", "SELECT payloadbinary FROM orleans_storage",
        "SELECT * FROM event_inventory", "SELECT * FROM outbox", "SELECT * FROM booking_analytics",
        "SELECT * FROM buyers", "SELECT * FROM removed_analytics", "SELECT * FROM user_signups",
        "SELECT * FROM analytics_days", "SELECT * FROM analytics_by_day", "SELECT close_days(now()::date, 1)",
        "SELECT mend_days()", "SELECT * FROM event_totals_now", "SELECT sum_up_events(1)",
        "SELECT mend_event_totals()", "SELECT * FROM seat_plans", "SELECT * FROM sold_seats",
        "SELECT * FROM blocked_seats", "UPDATE holds SET quantity = 9", "DELETE FROM holds",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(OwnedRelations))]
    public async Task As_QueryWithoutCondition_ShowsOwnRowsAlone(string relation, string owner, int rows)
    {
        // The silo itself sees both users', so there is something to hide.
        Assert.Equal(2 * rows, (await OwnersAsync(data.Reads)).Count);

        Assert.Equal(Enumerable.Repeat(data.Ada, rows), await OwnersAsync(data.Reads.As(data.Ada)));
        Assert.Equal(Enumerable.Repeat(data.Ben, rows), await OwnersAsync(data.Reads.As(data.Ben)));
        Assert.Empty(await OwnersAsync(data.Reads.As(Guid.NewGuid())));

        Task<List<Guid>> OwnersAsync(Database reader) =>
            reader.ListAsync(batch => batch.Add($"SELECT {owner} FROM {relation}"), row => row.GetGuid(0), Token);
    }

    [Theory]
    [MemberData(nameof(OwnedRelations))]
    public async Task UserRole_NobodyNamed_ShowsNothing(string relation, string owner, int rows)
    {
        Assert.True(rows > 0);
        await using var connection = await data.Silo.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var take = new NpgsqlCommand($"SET LOCAL ROLE {DatabaseRoles.User}", connection);
        await take.ExecuteNonQueryAsync(Token);
        await using var count = new NpgsqlCommand($"SELECT count({owner}) FROM {relation}", connection);

        Assert.Equal(0L, await count.ExecuteScalarAsync(Token));
    }

    [Fact]
    public async Task As_Events_ShowsThePublicOnesAndThoseThatOwnRowsName()
    {
        Assert.Equivalent(
            new[] { data.OnSale, data.Draft, data.Deleted }, await EventsAsync(data.Ada), strict: true);
        Assert.Equal([data.OnSale], await EventsAsync(Guid.NewGuid()));

        Task<List<Guid>> EventsAsync(Guid user) => data.Reads.As(user).ListAsync(
            batch => batch.Add("SELECT id FROM events"), row => row.GetGuid(0), Token);
    }

    [Fact]
    public async Task As_Events_ShowsACreatorTheirDraft()
    {
        var creator = await data.Database.ScalarAsync<Guid>(
            "SELECT created_by FROM events WHERE id = $1", data.ForeignDraft);

        Assert.Contains(data.ForeignDraft, await data.Reads.As(creator).ListAsync(
            batch => batch.Add("SELECT id FROM events"), row => row.GetGuid(0), Token));
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task As_WritingOrReadingWhatIsNoUsers_IsRefused(string sql)
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(
            () => data.Reads.As(data.Ada).FirstAsync(batch => batch.Add(sql), _ => 0, Token));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Fact]
    public async Task As_AfterwardsAlsoAfterAFault_TheConnectionIsTheSilosAgain()
    {
        await data.Reads.As(data.Ada).FirstAsync(batch => batch.Add("SELECT 1"), row => row.GetInt32(0), Token);
        await Assert.ThrowsAsync<PostgresException>(
            () => data.Reads.As(data.Ada).FirstAsync(batch => batch.Add("SELECT 1 / 0"), row => 0, Token));

        var (role, user) = await data.Reads.FirstAsync(
            batch => batch.Add("SELECT current_user::text, current_setting('eventflux.user_id', true)"),
            row => (row.GetString(0), row.GetString(1)), Token);

        Assert.Equal((DatabaseRoles.Silo, ""), (role, user));
    }

    [Fact]
    public async Task As_PageOfTwoStatements_CountsAndListsOwnRows()
    {
        var everyBooking = new ListQuery("user_id", "FROM bookings", new(descending: false, ("id", "uuid")));
        var page = await data.Reads.As(data.Ben).PageAsync(
            everyBooking, _ => { }, row => row.GetGuid(0), new PageRequest(1, 2), Token);

        Assert.Equal((3L, 2), (page.Total!.Value, page.Items.Count));
        Assert.All(page.Items, owner => Assert.Equal(data.Ben, owner));
    }
}
