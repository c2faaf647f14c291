using EventFlux.Tests.Users;

namespace EventFlux.Tests.Api;

/// <summary>Everybody at once, over HTTP.</summary>
[Collection<SharedApi>]
public sealed class StormTests(ApiFixture api)
{
    /// <summary>What must hold of an event's rows at any moment between two commits.</summary>
    private const string Contradictions = """
        SELECT count(*) FROM event_inventory i WHERE event_id = $1 AND (
          available + booked + held <> capacity
          OR booked <> (SELECT coalesce(sum(quantity), 0) FROM bookings b
                         WHERE b.event_id = i.event_id AND b.status = 'confirmed')
          OR held <> (SELECT coalesce(sum(quantity), 0) FROM waitlist_entries w
                       WHERE w.event_id = i.event_id AND w.status = 'notified')
          OR waiting <> (SELECT count(*) FROM waitlist_entries w
                          WHERE w.event_id = i.event_id AND w.status = 'waiting')
          OR EXISTS (SELECT FROM waitlist_entries w
                      WHERE w.event_id = i.event_id AND w.status = 'waiting' AND w.quantity <= i.available))
        """;

    [Fact]
    public async Task TwoThousandBuyers_ForFiveHundredTickets_BuyExactlyThose()
    {
        var eventId = await api.CreateEventAsync(capacity: 500);
        var buyers = Enumerable.Range(0, 2000).Select(_ => api.NewUser()).ToArray();

        var answers = await Task.WhenAll(buyers.Select(buyer => buyer.BookAsync(eventId)));

        var sold = answers.Where(answer => answer.Status == 201).Select(answer => answer.Id).ToHashSet();
        Assert.Equal(500, sold.Count);
        foreach (var answer in answers.Where(answer => answer.Status != 201))
        {
            answer.IsRefusal(409, "INSUFFICIENT_AVAILABILITY");
            Assert.Equal(0, answer.Int("available_tickets"));
        }

        var stored = await api.Database.ScalarAsync<Guid[]>(
            "SELECT array_agg(id) FROM bookings WHERE event_id = $1 AND status = 'confirmed'", eventId);
        Assert.True(sold.SetEquals(stored));
        Assert.Equal(0L, await api.Database.ScalarAsync<long>(Contradictions, eventId));
    }

    [Fact]
    public async Task RepeatedBuyers_WithKeys_NeitherGainNorLose()
    {
        var eventId = await api.CreateEventAsync(capacity: 300);
        var buyers = Enumerable.Range(0, 200).Select(_ => api.NewUser()).ToArray();

        // Everybody asks five times at once, as an impatient client does.
        var answers = await Task.WhenAll(buyers.SelectMany(
            buyer => Enumerable.Range(0, 5).Select(
                async _ => (buyer.Id, Answer: await buyer.BookAsync(eventId, 2, "once")))));

        var won = 0;
        foreach (var ofBuyer in answers.GroupBy(answer => answer.Id, answer => answer.Answer))
        {
            if (ofBuyer.First().Status == 201)
            {
                won++;
                Assert.Single(ofBuyer.Select(answer => answer.Is(201).Id).Distinct());
            }
            else
            {
                Assert.All(ofBuyer, answer => answer.IsRefusal(409, "INSUFFICIENT_AVAILABILITY"));
            }
        }

        Assert.Equal(150, won);
        Assert.Equal(0L, await api.Database.ScalarAsync<long>(Contradictions, eventId));
    }

    [Fact]
    public async Task EverythingAtOnce_AddsUp()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var eventId = await api.CreateEventAsync(capacity: 60);

        var answers = (await Task.WhenAll(Enumerable.Range(0, 80).Select(i => WanderAsync(new Random(seed + i)))))
            .SelectMany(answers => answers).ToArray();

        string?[] honest =
        [
            null, "INSUFFICIENT_AVAILABILITY", "DUPLICATE_BOOKING", "TICKETS_STILL_AVAILABLE", "ALREADY_ON_WAITLIST",
            "WAITLIST_ENTRY_NOT_FOUND", "BOOKING_ALREADY_CANCELLED",
        ];
        Assert.All(answers, answer => Assert.Contains(answer.Code, honest));
        // All that can happen did.
        Assert.Subset(
            answers.Select(answer => answer.Code).ToHashSet(),
            new HashSet<string?> { null, "INSUFFICIENT_AVAILABILITY", "DUPLICATE_BOOKING" });
        Assert.Equal(0L, await api.Database.ScalarAsync<long>(Contradictions, eventId));

        async Task<List<ApiAnswer>> WanderAsync(Random random)
        {
            var user = api.NewUser();
            Guid? booking = null;
            var seen = new List<ApiAnswer>();
            for (var step = 0; step < 25; step++)
            {
                var answer = await (random.Next(5) switch
                {
                    0 or 1 => user.BookAsync(eventId, random.Next(1, 6)),
                    2 when booking is { } id => user.CancelAsync(id),
                    3 => user.LeaveAsync(eventId),
                    _ => user.JoinAsync(eventId, random.Next(1, 6)),
                });
                if (answer.Find("booking_reference") is not null) booking = answer.Id;
                seen.Add(answer);
            }

            return seen;
        }
    }
}
