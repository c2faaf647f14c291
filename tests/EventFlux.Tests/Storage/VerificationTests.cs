using EventFlux.Contracts.Bookings;
using EventFlux.Contracts.Events;
using EventFlux.Contracts.Faults;
using EventFlux.Contracts.Waitlist;
using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Storage;

/// <summary>Sums that were made wrong are found, one by one, and mended, while the event's grain lives.</summary>
public sealed class VerificationTests(PostgresServer server) : EventClusterTest(server)
{
    private static readonly string[] Books =
    [
        "bookings", "tickets", "revenue", "cancellations", "refunded", "waitlist_joins", "offers", "conversions",
    ];

    private static readonly Guid Regular = Guid.NewGuid();

    [Fact]
    public async Task EveryColumnThatIsOff_IsFound_AndMended()
    {
        await SellAsync();
        await VerifiedDatabase.AssertNoDifferenceAsync(Database.DataSource);

        foreach (var column in Books) await BreakAsync("booking_analytics", column);
        await BreakAsync("booking_analytics", "buyers");
        await BreakAsync("booking_analytics", "repeat_buyers");
        await BreakAsync("user_signups", "users");
        await BreakAsync("buyers", "confirmed", $"user_id = '{Regular}'");
        await BreakAsync("event_inventory", "waiting");
    }

    /// <summary>What lists read for their totals.</summary>
    [Fact]
    public async Task NumbersOfEventsThatAreOff_AreFound_AndMended()
    {
        await SellAsync();
        await Database.ScalarAsync<int>("SELECT sum_up_events(1000)");
        await VerifiedDatabase.AssertNoDifferenceAsync(Database.DataSource);

        await BreakAsync("event_totals", "events", reported: "event_totals_now");
        foreach (var sql in (string[])["DELETE FROM event_totals", "UPDATE event_totals SET day = day + 1"])
        {
            await Database.ExecuteAsync(sql);
            Assert.All(
                await VerifiedDatabase.DifferencesAsync(Database.DataSource),
                difference => Assert.Equal("event_totals_now", difference.Table));
            Assert.NotEmpty(await VerifiedDatabase.DifferencesAsync(Database.DataSource));
            await VerifiedDatabase.RebuildAsync(Database.DataSource);
            await VerifiedDatabase.AssertNoDifferenceAsync(Database.DataSource);
        }
    }

    /// <summary>What reports read of days that are over: each column, a row too many, a row that is missing, and books
    /// that the sums don't hold although they are said to.</summary>
    [Fact]
    public async Task ClosedDaysThatAreOff_AreFound_AndMended()
    {
        await SellAsync();
        await CloseAsync();

        string[] columns = [.. Books, "buyers", "repeat_buyers"];
        foreach (var column in columns)
        {
            await BreakAsync("analytics_days", column, reported: "analytics_by_day");
            await CloseAsync();
            await VerifiedDatabase.AssertNoDifferenceAsync(Database.DataSource);
        }

        await AssertMendedAsync("DELETE FROM analytics_days", 10);
        await AssertMendedAsync("DELETE FROM analytics_changes", 10);
        await CloseAsync();
        await AssertMendedAsync("INSERT INTO analytics_days SELECT day, 'XTS', 1, 2, 3, 0, 0, 0, 0, 0, 0, 0 "
            + "FROM analytics_days LIMIT 1", 3);

        async Task AssertMendedAsync(string sql, int differences)
        {
            await Database.ExecuteAsync(sql);
            var found = await VerifiedDatabase.DifferencesAsync(Database.DataSource);
            Assert.Equal(differences, found.Count);
            Assert.All(found, difference => Assert.Equal("analytics_by_day", difference.Table));
            await VerifiedDatabase.RebuildAsync(Database.DataSource);
            await VerifiedDatabase.AssertNoDifferenceAsync(Database.DataSource);
        }

        Task<int> CloseAsync() => Database.ScalarAsync<int>("SELECT close_days('2100-01-01', 1000)");
    }

    [Theory]
    [InlineData("available", "booked")]
    [InlineData("available", "held")]
    [InlineData("booked", "held")]
    public async Task CountersThatAreOff_AreFound_AndTheGrainSellsOnFromWhatTheRowsSay(string more, string less)
    {
        var concert = await SellAsync();
        await Database.ExecuteAsync(
            $"UPDATE event_inventory SET {more} = {more} + 1, {less} = {less} - 1 WHERE event_id = $1",
            concert.GetPrimaryKey());

        var found = await VerifiedDatabase.DifferencesAsync(Database.DataSource);
        Assert.Equal([more, less], found.Select(difference => difference.What));
        Assert.Equal([1, -1], found.Select(difference => difference.Kept - difference.Recomputed));

        await VerifiedDatabase.RebuildAsync(Database.DataSource);
        await VerifiedDatabase.AssertNoDifferenceAsync(Database.DataSource);
        var cancelled = await CancelAsync(concert, Regular);
        Assert.Equal(CancelBookingOutcome.Cancelled, cancelled);
        await VerifiedDatabase.AssertNoDifferenceAsync(Database.DataSource);
    }

    [Theory]
    [InlineData("DELETE FROM booking_analytics", 8 + 5 + 2)]
    [InlineData("DELETE FROM buyers", 4)]
    [InlineData("DELETE FROM user_signups", 1)]
    [InlineData("INSERT INTO booking_analytics SELECT gen_random_uuid(), '2029-01-01', 1, 2, 3", 3)]
    [InlineData("INSERT INTO buyers VALUES (gen_random_uuid(), 2)", 1)]
    [InlineData("INSERT INTO user_signups VALUES ('2029-01-01', 7)", 1)]
    [InlineData("UPDATE buyers SET confirmed = 5; UPDATE booking_analytics SET repeat_buyers = 9, offers = 3", 4 + 3)]
    public async Task RowsThatAreMissingOrTooMany_AreFound_AndMended(string sql, int differences)
    {
        await SellAsync();
        await Database.ExecuteAsync(sql);

        Assert.Equal(differences, (await VerifiedDatabase.DifferencesAsync(Database.DataSource)).Count);

        await VerifiedDatabase.RebuildAsync(Database.DataSource);
        await VerifiedDatabase.AssertNoDifferenceAsync(Database.DataSource);
    }

    [Fact]
    public async Task ConfirmedBookingThatSomebodyRemoved_IsADifferenceInEverythingThatCountedIt()
    {
        var concert = await SellAsync();
        await Database.ExecuteAsync(
            "DELETE FROM bookings WHERE user_id = $1 AND event_id = $2", Regular, concert.GetPrimaryKey());

        var found = await VerifiedDatabase.DifferencesAsync(Database.DataSource);

        Assert.Equal(
            ["available", "booked", "bookings", "revenue", "tickets", "confirmed", "repeat_buyers"],
            found.Select(difference => difference.What));
    }

    /// <summary>Sums are made wrong, and mended, again and again, while people book and cancel. (An event whose
    /// counters are off can't be activated until they are mended, so those are not among them.)</summary>
    [Fact]
    public async Task Rebuild_WhileTheEventSells_LosesNoSale()
    {
        var concert = await SellAsync();
        await concert.UpdateAsync(new(new() { Capacity = 100 }), Token);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var people = Enumerable.Range(0, 8).Select(_ => SellUntilAsync(concert, Guid.NewGuid(), done.Token)).ToList();

        for (var round = 0; round < 10; round++)
        {
            await Database.ExecuteAsync("UPDATE booking_analytics SET buyers = buyers + 3, revenue = revenue + 1");
            await Database.ScalarAsync<int>("SELECT close_days('2100-01-01', 1000)");
            await Database.ExecuteAsync("UPDATE analytics_days SET tickets = tickets + 5");
            // In the order in which commits take them, or the two might wait for each other.
            await Database.ExecuteAsync("""
                WITH taken AS MATERIALIZED (SELECT user_id FROM buyers ORDER BY user_id FOR UPDATE)
                UPDATE buyers SET confirmed = confirmed - 1 WHERE user_id IN (SELECT user_id FROM taken)
                """);
            await VerifiedDatabase.RebuildAsync(Database.DataSource);
        }

        await done.CancelAsync();
        var sold = await Task.WhenAll(people);
        Assert.All(sold, times => Assert.True(times > 0));
        await VerifiedDatabase.AssertNoDifferenceAsync(Database.DataSource);
    }

    /// <summary>Expects the one difference, in the column that was changed.</summary>
    /// <param name="reported">What the difference is told of; null: the table.</param>
    private async Task BreakAsync(string table, string column, string where = "true", string? reported = null)
    {
        await Database.ExecuteAsync($"""
            UPDATE {table} SET {column} = {column} + 7
             WHERE ctid = (SELECT ctid FROM {table} WHERE {where} ORDER BY ctid LIMIT 1)
            """);

        var found = Assert.Single(await VerifiedDatabase.DifferencesAsync(Database.DataSource));
        Assert.Equal((reported ?? table, column, 7), (found.Table, found.What, found.Kept - found.Recomputed));

        await VerifiedDatabase.RebuildAsync(Database.DataSource);
        Assert.Equal([], await VerifiedDatabase.DifferencesAsync(Database.DataSource));
    }

    /// <summary>Two events of four buyers, two of whom are in both; in the first, of six tickets, one offer was taken,
    /// one is open, and one waits on. And a user has signed up.</summary>
    private async Task<IEventGrain> SellAsync()
    {
        await Database.ExecuteAsync(
            "INSERT INTO users VALUES (gen_random_uuid(), 'a@example.org', 'A', 'B', 'user', 1, now(), now(), now())");
        var (first, second) = (await Cluster.CreateEventAsync(6), await Cluster.CreateEventAsync(100));
        Guid[] people = [Regular, Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
        foreach (var user in people[..3]) await BookAsync(first, user, 2);
        foreach (var user in people[..2]) await BookAsync(second, user, 1);
        foreach (var user in (Guid[])[people[3], Guid.NewGuid(), Guid.NewGuid()])
            Assert.Equal(
                JoinWaitlistOutcome.Joined, (await first.JoinWaitlistAsync(new(user, 2), Token)).Outcome);
        await CancelAsync(first, people[2]);
        await BookAsync(first, people[3], 1);
        await BookAsync(second, people[2], 5);
        await CancelAsync(second, people[2]);
        await BookAsync(second, people[2], 4);
        await first.UpdateAsync(new(new() { Capacity = 7 }), Token);
        return first;
    }

    private static async Task BookAsync(IEventGrain concert, Guid user, int quantity)
    {
        var result = await AgainWhenFencedAsync(() => concert.BookAsync(new(user, quantity), Token));
        Assert.Equal(BookOutcome.Confirmed, result.Outcome);
    }

    private async Task<CancelBookingOutcome> CancelAsync(IEventGrain concert, Guid user)
    {
        var booking = await Database.ScalarAsync<Guid>(
            "SELECT id FROM bookings WHERE user_id = $1 AND event_id = $2 AND status = 'confirmed'", user,
            concert.GetPrimaryKey());
        return await AgainWhenFencedAsync(() => Cluster.Booking(booking).CancelAsync(new(user, AsAdmin: false), Token));
    }

    /// <summary>As the API does. A fenced commit has changed nothing.</summary>
    private static async Task<T> AgainWhenFencedAsync<T>(Func<Task<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (ServiceUnavailableException fenced) when (fenced.HasMoved && attempt < 50)
            {
                // The next activation has what the rows say.
            }
        }
    }

    /// <summary>Books and cancels in an event of one's own choice and in another one, over and over.</summary>
    private async Task<int> SellUntilAsync(IEventGrain concert, Guid user, CancellationToken done)
    {
        var another = await Cluster.CreateEventAsync(10);
        for (var times = 0; ; times++)
        {
            if (done.IsCancellationRequested) return times;
            await BookAsync(another, user, 1);
            await BookAsync(concert, user, 1);
            await CancelAsync(another, user);
            await CancelAsync(concert, user);
        }
    }
}
