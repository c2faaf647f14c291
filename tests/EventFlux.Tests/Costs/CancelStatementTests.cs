using EventFlux.Tests.Api;
using EventFlux.Tests.Fixtures;

namespace EventFlux.Tests.Costs;

/// <summary>What <c>PUT /api/bookings/{id}/cancel</c> asks of PostgreSQL, one request at a time. Alone, so that the
/// silo does nothing else meanwhile.</summary>
[Collection(typeof(Alone))]
public sealed class CancelStatementTests(CountedApiFixture api) : IClassFixture<CountedApiFixture>
{
    /// <summary>As the silo's pools call themselves.</summary>
    private const string Commits = "eventflux-commits";
    private const string Reads = "eventflux";

    private const int WarmUp = 10;
    private const int Cancellations = 20;

    /// <summary>One that finds the booking, one that commits: the answer is made of both.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_TwoRoundTrips(bool asAdmin)
    {
        var concert = await api.CreateEventAsync(capacity: 1_000);
        var admin = api.NewAdmin();
        var bookings = new List<(ApiCaller By, Guid Id)>();
        for (var i = 0; i < WarmUp + Cancellations; i++)
        {
            var user = api.NewUser();
            bookings.Add((asAdmin ? admin : user, (await user.BookAsync(concert)).Is(201).Id));
        }

        foreach (var (by, id) in bookings[..WarmUp]) (await by.CancelAsync(id)).Is(200);
        var (commits, reads) = (api.Traffic.Of(Commits), api.Traffic.Of(Reads));
        foreach (var (by, id) in bookings[WarmUp..]) (await by.CancelAsync(id)).Is(200);
        (commits, reads) = (api.Traffic.Of(Commits) - commits, api.Traffic.Of(Reads) - reads);

        // The fence, the booking, the books, the outbox; an admin's is written down too.
        var statements = asAdmin ? 5 : 4;
        Assert.Equal(new SqlCost(RoundTrips: Cancellations, statements * Cancellations, Parsed: 0), commits);
        Assert.Equal(new SqlCost(RoundTrips: Cancellations, Statements: Cancellations, Parsed: 0), reads);
    }
}
