using EventFlux.Grains.Storage;
using EventFlux.Tests.Users;
using Npgsql;

namespace EventFlux.Tests.Storage.RowSecurity;

/// <summary>Each of the program's queries for one user runs as the user's role: with the silo's own rights to those
/// rows taken away, they answer all the same, and nothing else does.</summary>
public sealed class UserQueryTests(TwoUsers data) : IClassFixture<TwoUsers>, IAsyncLifetime
{
    private static readonly PageRequest First = new(1, 10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await data.Database.ExecuteAsync($"""
        REVOKE SELECT ON bookings, waitlist_entries, waitlist_view, holds, hold_view, idempotency_keys, users
          FROM {DatabaseRoles.Silo}
        """);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Bookings_AreTheUsers()
    {
        var (bookings, foreign) = (new BookingQueries(data.Reads), await data.BookingOfBenAsync());

        Assert.Equal(3, (await bookings.ListOfUserAsync(data.Ada, null, false, First, Token)).Total);
        Assert.Equal(data.Ben, (await bookings.FindOfUserAsync(data.Ben, foreign, Token))!.UserId);
        // By its id alone: no condition of the query keeps it from her.
        Assert.Null(await bookings.FindOfUserAsync(data.Ada, foreign, Token));
        await AssertSilosAsync(() => bookings.FindAsync(foreign, Token));
    }

    [Fact]
    public async Task Holds_AreTheUsers()
    {
        var holds = new HoldQueries(data.Reads);

        var hold = (await holds.ListOpenAsync(data.Ben, First, Token)).Items[0];

        Assert.Equal(data.Ben, (await holds.FindOfUserAsync(data.Ben, hold.EventId, hold.Id, Token))!.UserId);
        Assert.Null(await holds.FindOfUserAsync(data.Ada, hold.EventId, hold.Id, Token));
    }

    [Fact]
    public async Task WaitlistEntries_AreTheUsersAndKnowTheirPlaces()
    {
        var waitlist = new WaitlistQueries(data.Reads);

        var entries = (await waitlist.ListOfUserAsync(data.Ben, First, Token)).Items;

        // Ada came first at each event: her entry is counted, and not shown.
        Assert.Equal(3, entries.Count);
        Assert.All(entries, entry => Assert.Equal((data.Ben, 2L), (entry.UserId, entry.Position)));
        Assert.Null(await waitlist.FindOfUserAsync(data.Ada, entries[0].Id, Token));
        Assert.NotNull(await waitlist.FindOfUserAsync(data.Ben, entries[0].Id, Token));
        Assert.Equal(0, (await waitlist.ListOpenOffersAsync(data.Ben, First, Token)).Total);
        await AssertSilosAsync(() => waitlist.ListQueueAsync(data.OnSale, First, Token));
    }

    [Fact]
    public async Task KeysAndProfiles_AreTheUsers()
    {
        var (keys, key) = (new IdempotencyKeys(data.Reads), $"key {data.OnSale}");

        Assert.Equal(
            await data.BookingOfBenAsync(),
            (await keys.FindAsync(data.Ben, IdempotencyKeys.BookingScope, key, Token))!.ResourceId);
        Assert.Equal(data.Ada, (await new UserQueries(data.Reads).FindAsync(data.Ada, Token))!.Id);
        await AssertSilosAsync(() => new UserQueries(data.Reads).FindIdByEmailAsync("x@example.org", Token));
    }

    /// <summary>The proof that taking the rights away took something.</summary>
    private static async Task AssertSilosAsync(Func<Task> query) => Assert.Equal(
        PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(query)).SqlState);
}
