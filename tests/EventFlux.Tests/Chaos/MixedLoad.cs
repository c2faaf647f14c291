using EventFlux.Contracts.Users;

namespace EventFlux.Tests.Chaos;

/// <summary>
/// People who use the cluster all at once: they sign up, book, queue, take offers up, cancel and look, at one hot event
/// and many small ones, all of which sell out again and again. What is acknowledged goes into the ledger; what no
/// client should ever see goes into the tally.
/// </summary>
internal sealed class MixedLoad(ChaosCluster cluster, Ledger ledger, Tally tally, IReadOnlyList<Guid> events)
{
    private const int HotShare = 40;

    /// <summary>Runs until stopped; ends when every call has ended.</summary>
    /// <param name="people">How many act at the same time.</param>
    /// <param name="pause">How long each of them rests between two calls.</param>
    /// <param name="repeats">See <see cref="ChaosClient"/>.</param>
    public Task RunAsync(int people, TimeSpan pause, bool repeats, CancellationToken stop)
    {
        var client = new ChaosClient(cluster, tally, repeats);
        return Task.WhenAll(Enumerable.Range(0, people).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                await ActAsync(client);
                await Task.Delay(pause, CancellationToken.None);
            }
        }));
    }

    /// <summary>One event for all, and many small ones, created over the API; the hot one first.</summary>
    public static async Task<List<Guid>> CreateEventsAsync(
        ChaosCluster cluster, Tally tally, int hotCapacity, int small, int smallCapacity)
    {
        var client = new ChaosClient(cluster, tally, repeats: true);
        var created = new List<Guid>();
        for (var number = 0; number <= small; number++)
            created.Add(await CreateEventAsync(cluster, client, number == 0 ? hotCapacity : smallCapacity));
        return created;
    }

    public static async Task<Guid> CreateEventAsync(ChaosCluster cluster, ChaosClient client, int capacity)
    {
        var date = TimeProvider.System.GetUtcNow().AddDays(30);
        var body = new { name = "A concert", venue = "A hall", event_date = date, capacity, price = 10m };
        var token = cluster.Tokens.Issue(Guid.NewGuid(), UserRole.Admin);
        var answer = await client.CallAsync(HttpMethod.Post, "/api/events", token, body);
        return answer is { Status: 201 } ? answer.Id : throw new InvalidOperationException($"No event: {answer}");
    }

    private Task ActAsync(ChaosClient client) => Random.Shared.Next(400) switch
    {
        < 180 => BookOrQueueAsync(client),
        < 280 => CancelAsync(client),
        < 340 => TakeUpOrLeaveAsync(client),
        < 399 => LookAsync(client),
        // Seldom, since each password keeps a processor busy for 100 ms.
        _ => SignUpAsync(client),
    };

    private async Task SignUpAsync(ChaosClient client)
    {
        var (email, password) = ($"{Guid.NewGuid():N}@example.org", $"{Guid.NewGuid():N}");
        var account = new { email, password, first_name = "Ada", last_name = "Moss" };
        var answer = await client.CallAsync(HttpMethod.Post, "/api/auth/register", body: account);
        if (answer is not ({ Status: 201 } or { Code: "USER_ALREADY_EXISTS", MayHaveActed: true }))
        {
            if (answer is not null) tally.Surprise($"sign up: {answer}");
            return;
        }

        tally.Acknowledge();
        answer = await client.CallAsync(HttpMethod.Post, "/api/auth/login", body: new { email, password });
        if (answer is not (null or { Status: 200 })) tally.Surprise($"log in: {answer}");
    }

    private async Task BookOrQueueAsync(ChaosClient client)
    {
        var hot = Random.Shared.Next(100) < HotShare;
        var place = new Place(
            default, Guid.NewGuid(), events[hot ? 0 : Random.Shared.Next(1, events.Count)], Random.Shared.Next(1, 4));
        if (await BookAsync(client, place) != Outcome.SoldOut) return;

        var body = new { event_id = place.EventId, quantity = place.Quantity };
        var answer = await client.CallAsync(
            HttpMethod.Post, "/api/waitlist/join", TokenOf(place), body, $"{Guid.NewGuid()}");
        if (answer is { Status: 201 })
        {
            tally.Acknowledge();
            ledger.Add(place with { EntryId = answer.Id });
        }
        else if (answer is not (null or { Code: "TICKETS_STILL_AVAILABLE" }))
        {
            tally.Surprise($"join: {answer}");
        }
    }

    private async Task CancelAsync(ChaosClient client)
    {
        if (ledger.TakeCancellable() is not { } sale) return;

        sale.Cancellation = Request.Unknown;
        var path = $"/api/bookings/{sale.BookingId}/cancel";
        var answer = await client.CallAsync(HttpMethod.Put, path, cluster.Tokens.Issue(sale.UserId));
        if (answer is { Status: 200 } or { Code: "BOOKING_ALREADY_CANCELLED", MayHaveActed: true })
        {
            tally.Acknowledge();
            sale.Cancellation = Request.Acknowledged;
        }
        else if (answer is not null)
        {
            tally.Surprise($"cancel: {answer}");
        }
    }

    /// <summary>Tries to book what one waits for, which only an offer allows; sometimes leaves instead.</summary>
    private async Task TakeUpOrLeaveAsync(ChaosClient client)
    {
        if (ledger.TakeWaiting() is not { } place) return;

        if (Random.Shared.Next(4) > 0)
        {
            if (await BookAsync(client, place) == Outcome.SoldOut) ledger.Return(place);
            return;
        }

        place.Departure = Request.Unknown;
        var answer = await client.CallAsync(HttpMethod.Delete, $"/api/waitlist/{place.EventId}", TokenOf(place));
        if (answer is { Status: 204 })
        {
            tally.Acknowledge();
            place.Departure = Request.Acknowledged;
        }
        else if (answer is not (null or { Code: "WAITLIST_ENTRY_NOT_FOUND" }))
        {
            tally.Surprise($"leave: {answer}");
        }
    }

    private async Task LookAsync(ChaosClient client)
    {
        var answer = await client.CallAsync(HttpMethod.Get, $"/api/events/{events[Random.Shared.Next(events.Count)]}");
        if (answer is null) return;
        if (answer.Status != 200)
        {
            tally.Surprise($"look: {answer}");
            return;
        }

        int Count(string member) => answer.Json.GetProperty(member).GetInt32();
        if (Count("available_tickets") + Count("booked_tickets") + Count("held_tickets") != Count("capacity"))
            tally.Surprise($"does not add up: {answer}");
    }

    /// <summary>Books, and reads the booking back: it must be there after its 201.</summary>
    private async Task<Outcome> BookAsync(ChaosClient client, Place place)
    {
        var body = new { event_id = place.EventId, quantity = place.Quantity };
        var answer = await client.CallAsync(
            HttpMethod.Post, "/api/bookings", TokenOf(place), body, $"{Guid.NewGuid()}");
        if (answer is null) return Outcome.Unknown;
        if (answer.Code == "INSUFFICIENT_AVAILABILITY") return Outcome.SoldOut;
        if (answer.Status != 201)
        {
            tally.Surprise($"book: {answer}");
            return Outcome.Unknown;
        }

        tally.Acknowledge();
        var read = await client.CallAsync(HttpMethod.Get, $"/api/bookings/{answer.Id}", TokenOf(place));
        if (read is not (null or { Status: 200 })) tally.Surprise($"booked, but then: {read}");
        ledger.Add(new Sale(answer.Id, place.UserId, place.EventId, place.Quantity));
        return Outcome.Sold;
    }

    private string TokenOf(Place place) => cluster.Tokens.Issue(place.UserId);

    private enum Outcome
    {
        Sold,
        SoldOut,
        Unknown,
    }
}
