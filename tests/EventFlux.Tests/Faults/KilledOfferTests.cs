using EventFlux.Tests.Fixtures;
using EventFlux.Tests.Users;

namespace EventFlux.Tests.Faults;

/// <summary>The silo that holds an open offer dies before the offer ends.</summary>
public sealed class KilledOfferTests(PostgresServer server, ITestOutputHelper output) : SiloGroupTest(server)
{
    private static readonly TimeSpan PromisedAtTheLatest = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task NextInLine_GetsTheOffer_ThoughTheSiloThatHeldItWasKilled_AndNobodyAsks()
    {
        (string, string)[] briefOffers = [("WAITLIST_OFFER_MINUTES", "0.1")];
        var first = await Silos.StartAsync(environment: briefOffers);
        var concert = await Silos.CreateEventAsync(first, capacity: 2);
        var (buyer, holder, next) = (Silos.User(first), Silos.User(first), Silos.User(first));
        var booking = (await buyer.BookAsync(concert, 2)).Is(201);
        (await holder.JoinAsync(concert, 2)).Is(201);
        (await next.JoinAsync(concert, 2)).Is(201);
        // The event lives on the first silo, which was alone when it came to life.
        var second = await Silos.StartAsync(environment: briefOffers);

        (await buyer.CancelAsync(booking.Id)).Is(200);
        Assert.Single((await holder.GetAsync("/api/waitlist/notifications")).Is(200).Items);
        first.Kill();
        var killed = TimeProvider.System.GetTimestamp();

        await Wait.UntilAsync(
            async () => await HasAnOfferAsync(next.Id), PromisedAtTheLatest, () => "The next in line waits in vain.");
        output.WriteLine($"offered on {TimeProvider.System.GetElapsedTime(killed).TotalSeconds:F1} s after the kill");
        var later = Silos.User(second, next.Id);
        Assert.Single((await later.GetAsync("/api/waitlist/notifications")).Is(200).Items);
        Assert.Empty((await Silos.User(second, holder.Id).GetAsync("/api/waitlist/notifications")).Is(200).Items);
    }

    private Task<bool> HasAnOfferAsync(Guid user) => Database.ScalarAsync<bool>(
        "SELECT EXISTS (SELECT FROM waitlist_entries WHERE user_id = $1 AND status <> 'waiting')", user);
}
