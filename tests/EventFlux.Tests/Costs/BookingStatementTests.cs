using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Costs;

/// <summary>What <c>POST /api/bookings</c> asks of PostgreSQL, one request at a time. Alone, so that the silo does
/// nothing else meanwhile.</summary>
[Collection(typeof(Alone))]
public sealed class BookingStatementTests(CountedApiFixture api) : IClassFixture<CountedApiFixture>
{
    /// <summary>As the silo's pools call themselves.</summary>
    private const string Commits = "eventflux-commits";
    private const string Reads = "eventflux";

    private const int WarmUp = 10;
    private const int Bookings = 20;

    /// <summary>A booking is one commit, and reads nothing: no token, no user, no event.</summary>
    [Fact]
    public async Task WithoutAKey_OneRoundTrip()
    {
        var (commits, reads) = await CountAsync(withKeys: false);

        Assert.Equal(new SqlCost(RoundTrips: Bookings, Statements: 4 * Bookings, Parsed: 0), commits);
        Assert.Equal(default, reads);
    }

    /// <summary>A key is looked up once, in a transaction that becomes the user first; the commit keeps it.</summary>
    [Fact]
    public async Task WithAKey_TwoRoundTrips()
    {
        var (commits, reads) = await CountAsync(withKeys: true);

        Assert.Equal(new SqlCost(RoundTrips: Bookings, Statements: 5 * Bookings, Parsed: 0), commits);
        Assert.Equal(new SqlCost(RoundTrips: Bookings, Statements: 2 * Bookings, Parsed: 0), reads);
    }

    /// <summary>A refusal is decided in memory.</summary>
    [Fact]
    public async Task SoldOut_NoRoundTrip()
    {
        var concert = await api.CreateEventAsync(capacity: 1);
        (await api.NewUser().BookAsync(concert)).Is(201);
        var before = (api.Traffic.Of(Commits), api.Traffic.Of(Reads));

        (await api.NewUser().BookAsync(concert)).IsRefusal(409, "INSUFFICIENT_AVAILABILITY");

        Assert.Equal(before, (api.Traffic.Of(Commits), api.Traffic.Of(Reads)));
    }

    private async Task<(SqlCost Commits, SqlCost Reads)> CountAsync(bool withKeys)
    {
        var concert = await api.CreateEventAsync(capacity: 1_000);
        await BookAsync(WarmUp);
        var (commits, reads) = (api.Traffic.Of(Commits), api.Traffic.Of(Reads));
        await BookAsync(Bookings);
        return (api.Traffic.Of(Commits) - commits, api.Traffic.Of(Reads) - reads);

        async Task BookAsync(int count)
        {
            for (var i = 0; i < count; i++)
                (await api.NewUser().BookAsync(concert, 1, withKeys ? [$"{Guid.NewGuid()}"] : [])).Is(201);
        }
    }
}
